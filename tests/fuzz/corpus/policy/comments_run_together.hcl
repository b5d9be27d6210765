path "b" {
  # 
  #+/rst
 /*
 * s /* be
hicapap
}    from
 a*/

 /* be
hind *n
   */

 /* be
hicapap
}    from
 a*/

 /* be
hhtars
 /* be
hicapap
}    from
 a*/

 /* be
hind */
}
