#!/usr/bin/env python3
"""lib/token does no input or output: it calls nothing that could. usage: pure.py libvtoken_token.a SOURCE_FOLDER

Everything that the library calls and does not hold itself must be known here as harmless: memory, texts, containers,
exceptions, fmt, and of lib/base what computes. Random characters for minted tokens are the one thing that is asked of the
operating system."""
import pathlib
import re
import subprocess
import sys

HARMLESS = re.compile(r"""
    mem\w+ | str(?:n?len|n?cmp|chr) | __(?:mem|str)\w+_chk | bcmp | abort
  | _Unwind_\w+ | __cxa_\w+ | __gxx_personality_v0 | __stack_chk_fail | __dso_handle | _GLOBAL_OFFSET_TABLE_ | __cpu_\w+
  | operator\ (?:new|delete)(?:\[\])?\(.*
  | fmt::.*
  | std::(?:__throw_\w+|_Rb_tree\w+|_Hash_bytes|terminate|__detail::_Prime_rehash_policy::.*|(?:\w+_)?e(?:xception|rror)::.*)\(.*
  | std::exception::.* | std::__cxx11::basic_string<.*
  | std::(?:from_chars|to_chars)\(.*
  | (?:typeinfo|vtable|guard\ variable|typeinfo\ name)\ (?:for\ )?.*
  | vtoken::(?:AesGcm|Hmac)::.*
  | vtoken::(?:hmac_sha256|sha256|random_bytes|equal_secrets|wipe|to_hex|to_uuid|is_uuid|lower|same_name|trimmed|split|go_duration
             |human_duration|format_time)(?:\[abi:\w+\])?\(.*
""", re.VERBOSE)
HEADERS = {"crypto", "secret", "result", "hex", "text", "duration", "timestamp", "clock"}


def symbols(library, kind):
    out = subprocess.run(["nm", "--demangle", kind, library], capture_output=True, text=True, check=True).stdout
    return {re.sub(r"^[0-9a-f]* *[A-Za-z] ", "", line.strip()) for line in out.splitlines() if re.match(r"^[0-9a-f]* *[A-Za-z] ", line)}


def main():
    library, source = sys.argv[1:]
    calls = symbols(library, "--undefined-only") - symbols(library, "--defined-only")
    problems = sorted(f"calls {name}" for name in calls if not HARMLESS.fullmatch(name))
    for file in sorted(pathlib.Path(source, "lib/token").glob("*.[ch]pp")):
        for header in re.findall(r'#include "base/(\w+)\.hpp"', file.read_text(encoding="utf-8")):
            if header not in HEADERS:
                problems.append(f"{file.name} includes base/{header}.hpp")
    for problem in problems:
        print(f"lib/token: {problem}")
    if "memcpy" not in calls or "vtoken::random_bytes" not in " ".join(calls):
        problems.append("")
        print("nm shows nothing of what the library calls")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
