#!/bin/bash
# Makes a manual page of its scdoc source. Usage: render_page.sh SOURCE PAGE VERSION
set -euo pipefail

# scdoc writes a hyphen where a minus is meant: flags could not be found or copied on some systems. And man hyphenates
# again behind the title, so that names of pages and variables would be cut in two.
sed "s/@VERSION@/$3/" "$1" | scdoc | sed -e '/^\.TH/a .nh' -e '/^\.\|^\\h/!s/-/\\-/g' >"$2.part"
mv "$2.part" "$2"
