#!/usr/bin/env python3
"""Groups of source files that can be read as one: what a file has in unnamed namespaces, no other
of its group names.

usage: cmake/batches.py SIZE FILE…     one group a line, files parted by semicolons

Most of the time that a file takes goes into the headers, which a group reads once. What this misses (it reads lines, laid
out by clang-format, not C++) shows as an error of the compiler in that group.
"""
import pathlib
import re
import sys

DECLARED = [re.compile(pattern) for pattern in (
    r"(?:struct|class|enum class|enum)\s+(\w+)", r"using\s+(\w+)\s*=", r"(?:constexpr|const)\s.*?\b(\w+)(?:\[\w*\])*\s*[={(]",
    r".*?\b(\w+)\(", r".*?\b(\w+)\s*[={;]")]


def own_names(path):
    """What a file declares in unnamed namespaces."""
    names, inside = set(), False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("namespace {"):
            inside = True
        elif line.startswith("}") and "namespace" in line:
            inside = False
        elif (inside or line.startswith("static ")) and line[:1] not in ("", " ", "/", "}", "#"):
            found = next(filter(None, (pattern.match(line) for pattern in DECLARED)), None)
            names.update(found.groups() if found else ())
    return names


def header_types(path, root, known):
    """The types that the project's headers declare which a file includes, one through another."""
    if path not in known:
        known[path] = set()
        text = path.read_text(encoding="utf-8")
        types = set(re.findall(r"^(?:struct|class|enum class|using)\s+(\w+)", text, re.MULTILINE))
        for name in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
            header = next((folder / name for folder in (root / "lib", root) if (folder / name).exists()), None)
            if header:
                types |= header_types(header, root, known)
        known[path] = types
    return known[path]


def batches(paths, size):
    """Splits `paths` into lists of at most `size`, files of one folder each, in a stable order."""
    groups, known, root = [], {}, pathlib.Path(__file__).resolve().parent.parent
    for path in sorted(paths):
        names, words = own_names(path), set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        words |= header_types(path, root, known) - names
        home = next((g for g in groups if g[0][0].parent == path.parent and len(g[0]) < size
                     and not g[1] & words and not g[2] & names), None)
        if home is None:
            home = ([], set(), set())
            groups.append(home)
        home[0].append(path)
        home[1].update(names)
        home[2].update(words)
    return [files for files, *_ in groups]


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for group in batches([pathlib.Path(word) for word in sys.argv[2:]], int(sys.argv[1])):
        print(";".join(map(str, group)))
