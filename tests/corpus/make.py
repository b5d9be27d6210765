#!/usr/bin/env python3
"""usage: tests/corpus/make.py FOLDER      makes the corpus there: FOLDER/files and FOLDER/labels"""
import pathlib
import sys

import corpus

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    made = corpus.write(pathlib.Path(sys.argv[1]))
    print(f"{len(made)} files, {sum(len(page.data) for page in made):,} bytes, {sum(len(page.labels) for page in made)} labels")
