#!/usr/bin/env python3
"""Runs the shell blocks of the documents through `vault`, a symbolic link to vtoken, and checks what they did.

usage: run.py --documents FOLDER   each block of documents 000 and 002 that uses `vault`, word for word
       run.py --own                the same commands, from blocks/ beside this file
       run.py --pages              README.md and the pages of docs/: the blocks of each that are for a store, one after
                                   the other

The program is named by the environment's VTOKEN. Exits 77 (skipped) when FOLDER is not there. The last line is
"N passed, M failed".
"""
import os
import pathlib
import re
import sys
import tempfile
import traceback

import flags
from checks import CHECKS, PAGE, PAGES
from house import House

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BLOCK = re.compile(r"^```(?:bash|sh|shell)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STORE_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def document_blocks(folder):
    """(name of the check, block) for each block that uses `vault`; a block that no check knows is a failure."""
    found = []
    for number in ("000", "002"):
        (path,) = folder.glob(f"{number}_*.txt")
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            if not re.search(r"(?:^|\$\()\s*vault ", block, re.MULTILINE):
                continue
            names = [n for n, c in CHECKS.items() if c.document == number and c.mark in block]
            found.append((names[0] if len(names) == 1 else f"unknown block in {path.name}", block))
    return found


def own_blocks():
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted((HERE / "blocks").glob("*.sh"))]


def page_blocks():
    """(name, script) for each page with recipes; a failure ends a script. What is for a store is told from the rest by its
    ```sh: ```shell is for a server (tests/e2e/readme_test.py), ```bash and ``` are for no test."""
    blocks = {name: STORE_BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) for name in PAGES}
    return [(name, "set -euo pipefail\n" + "\n".join(found)) for name, found in blocks.items() if found]


def main():
    pages = sys.argv[1:] == ["--pages"]
    checks = dict.fromkeys(PAGES, PAGE) if pages else CHECKS
    if sys.argv[1:] == ["--own"]:
        blocks = own_blocks()
    elif pages:
        blocks = page_blocks()
    elif len(sys.argv) == 3 and sys.argv[1] == "--documents":
        folder = pathlib.Path(sys.argv[2])
        if not folder.is_dir():
            print(f"no documents in {folder}")
            return 77
        blocks = document_blocks(folder)
    else:
        print(__doc__, file=sys.stderr)
        return 1
    program = pathlib.Path(os.environ["VTOKEN"]).resolve()
    failed = sorted(set(checks) - {name for name, _ in blocks})
    for name in failed:
        print(f"FAIL {name}: no such block")
    if pages:
        known = flags.known(program)
        wrong = [f"{page}: {text}" for page in PAGES for text in flags.unknown((ROOT / page).read_text(encoding="utf-8"), known)]
        for each in wrong:
            print(f"FAIL no such flag: {each}")
        failed += wrong
    for name, block in blocks:
        with tempfile.TemporaryDirectory() as folder:
            try:
                checks[name].run(House(folder, program), block)
                print(f"ok   {name}")
            except Exception:  # each block is told about
                print(f"FAIL {name}:\n{traceback.format_exc(limit=-2)}")
                failed.append(name)
    print(f"{max(len(blocks) - len(failed), 0)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
