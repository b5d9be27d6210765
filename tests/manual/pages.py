#!/usr/bin/env python3
"""The manual's pages: that there is one for each command, that they tell the flags that the program takes and no
others, that what they name is there, and that they render without a warning.

usage: pages.py          check them: a line for each finding, and "N pages, M findings"
       pages.py --fix    write each page's list of common flags anew, as the program describes them

The program is named by the environment's VTOKEN.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

import scd

PROGRAM = os.environ["VTOKEN"]
# Titles of groups of flags that are explained once, in vtoken(1).
COMMON = {"Output", "Requests", "Servers", "Server or store", "General", "Clusters"}
# The title of a section that names the flags of `create`, which are explained on its page.
CREATE = "FLAGS OF CREATE"
# Variables that are there anyway, and are not set for this program.
NO_SETTINGS = {"HOME", "PATH", "REQUEST_METHOD"}
LITERAL = 69  # what fits into 80 columns of the lines that are not wrapped
WIDTHS = ("60", "120")


def described():
    """The program's commands as it describes them, by name."""
    text = subprocess.run([PROGRAM, "__describe"], check=True, capture_output=True, timeout=60).stdout
    return {command["name"]: command for command in json.loads(text)["commands"]}


def groups(commands):
    """The words that several commands begin with."""
    firsts = [name.rsplit(" ", 1)[0] for name in commands if " " in name]
    return {first for first in firsts if firsts.count(first) > 1}


def taken(command):
    """{flag or alias: what stands for its value} of the flags that a person is told of, and which of them are common."""
    flags, common = {}, set()
    for flag in command["flags"]:
        names = [] if flag["hidden"] else [name for name in (flag["name"], flag["alias"]) if name]
        flags.update({name: flag["value"] for name in names})
        common.update(names if flag["group"] in COMMON else [])
    return flags, common


def differences(what, said, true):
    for name in sorted(said.keys() | true.keys()):
        if name not in said:
            yield f"{what}: -{name} is missing"
        elif name not in true:
            yield f"{what}: there is no -{name}"
        elif said[name] != true[name]:
            yield f"{what}: -{name}={said[name]}, but the program says ={true[name]}"


def command_findings(name, command):
    page = scd.page_of(name)
    if not page.exists():
        yield f"{name}: no {page.name}"
        return
    flags, common = taken(command)
    yield from differences(page.name, scd.flags(page), flags)
    for flag in sorted(scd.defined(page).keys() & common):
        yield f"{page.name}: -{flag} is common, and explained in vtoken.1.scd"
    explained = scd.defined(page).keys() | (scd.named(page, CREATE).keys() & scd.defined(scd.page_of("create")).keys())
    for flag in sorted(flags.keys() - common - explained):
        yield f"{page.name}: -{flag} is named, but not explained"
    if "EXAMPLES" not in scd.sections(page):
        yield f"{page.name}: no examples"
    if f"*vtoken {name}*" not in "\n".join(scd.sections(page)["SYNOPSIS"]):
        yield f"{page.name}: the synopsis does not begin with the command"


def listed(flags):
    """The lines of a list of flags."""
    shown = []
    for flag in flags:
        value = "".join(f"=_{part}_" for part in flag["value"].split("=") if part)
        shown += [f"*-{name}*{value}" for name in (flag["name"], flag["alias"]) if name and not flag["hidden"]]
    text = textwrap.wrap(", ".join(shown), 76, break_on_hyphens=False, break_long_words=False)
    return [f"\t{line}" for line in text] + [""]


def common_section(command):
    """The lines of a page's section about the flags that vtoken(1) explains."""
    lines = ["They are described in *vtoken*(1).", ""]
    for title in dict.fromkeys(flag["group"] for flag in command["flags"] if flag["group"] in COMMON):
        lines += [title] + listed([flag for flag in command["flags"] if flag["group"] == title])
    return lines


def create_section(command, create):
    """The same of those that the page of `create` explains."""
    names = {flag["name"] for flag in create["flags"] if flag["group"] not in COMMON}
    ours = [flag for flag in command["flags"] if flag["name"] in names]
    return ["They are described in *vtoken-create*(1).", "", "The token"] + listed(ours)


def fix():
    commands = described()
    for name, command in commands.items():
        page = scd.page_of(name)
        if not page.exists():
            continue
        text = page.read_text(encoding="utf-8")
        for title, lines in (("COMMON FLAGS", common_section(command)), (CREATE, create_section(command, commands["create"]))):
            section = "\n".join([f"# {title}", "", *lines])
            text = re.sub(rf"^# {title}\n.*?(?=^# )", lambda _, s=section: s + "\n", text, flags=re.MULTILINE | re.DOTALL)
        page.write_text(text, encoding="utf-8")


def flag_findings():
    commands = described()
    explained = scd.defined(scd.FOLDER / "vtoken.1.scd")
    common = {"help": "", "h": ""}
    everywhere = (scd.FOLDER / "vtoken.1.scd").read_text(encoding="utf-8").replace("\\", "")
    for name, command in commands.items():
        yield from command_findings(name, command)
        yield from (f"help of {name}: longer than 80 columns: {line}" for line in command["help"].splitlines()
                    if len(line) > 80)
        flags, ours = taken(command)
        common.update({flag: flags[flag] for flag in ours})
        here = scd.page_of(name).read_text(encoding="utf-8") if scd.page_of(name).exists() else ""
        for variable in sorted(set(re.findall(r"\b(?:VAULT|VTOKEN)_[A-Z_]+\b", command["help"]))):
            if f"_{variable}_" not in everywhere + here:
                yield f"{name}: its help names {variable}, its page and vtoken.1.scd do not"
    yield from differences("vtoken.1.scd", explained, common)
    expected = {scd.page_of(name).name for name in commands.keys() | groups(commands)}
    expected |= {"vtoken.1.scd", "vtoken-store-format.5.scd", "vtoken-token-formats.7.scd"}
    told = scd.references(scd.FOLDER / "vtoken.1.scd")
    for group in groups(commands):
        told |= scd.references(scd.page_of(group))
    yield from (f"{name}: neither vtoken(1) nor its group tell of it" for name in commands
                if scd.page_of(name).name[:-4] not in told)
    for page in scd.pages():
        if page.name not in expected:
            yield f"{page.name}: a page of nothing"
        expected.discard(page.name)
    yield from (f"no {name}" for name in sorted(expected))


def source_findings(page):
    """What can be told from the source alone."""
    text = page.read_text(encoding="utf-8")
    name, section = page.name[:-4].rsplit(".", 1)
    if not text.startswith(f'{name}({section}) "vtoken @VERSION@" "vtoken manual"\n'):
        yield f"{page.name}: another first line than other pages have"
    if not text.isascii():
        yield f"{page.name}: not ASCII"
    for line in "\n".join(scd.literals(page)).replace("\\\\", "\\").splitlines():
        if len(line) > LITERAL:
            yield f"{page.name}: runs over a terminal's edge: {line}"
    titles = list(scd.sections(page))
    if titles[0] != "NAME" or titles[-1] != "SEE ALSO" or len(titles) < 3:
        yield f"{page.name}: sections {titles}"
    for named in sorted(scd.references(page)):
        if not (scd.FOLDER / f"{named}.scd").exists():
            yield f"{page.name}: there is no {named}"
    if page.name != "vtoken.1.scd" and "vtoken.1" not in scd.references(page):
        yield f"{page.name}: vtoken(1) is not named"


def variable_findings():
    """The variables that the sources read are in vtoken(1)."""
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((scd.ROOT / "cmd").glob("*.cpp")))
    page = (scd.FOLDER / "vtoken.1.scd").read_text(encoding="utf-8")
    names = {f"VAULT_{name}" for name in re.findall(r'(?:read_variable|_setting)\([^;"]*(?:"-[a-z-]+", )?"([A-Z_]+)"\)', code)}
    names |= set(re.findall(r'read_own_variable\([^;"]*"([A-Z_]+)"\)', code))
    for name in sorted(names - NO_SETTINGS):
        if f"_{name}_" not in page and f"_{name.replace('VAULT_', 'BAO_')}_" not in page:
            yield f"vtoken.1.scd: {name} is missing"


def store_findings():
    """The definitions in FORMAT.md are in the page about the store's format."""
    def bare(text):
        return re.sub(r"//.*|\s", "", text)
    page = bare("".join(scd.literals(scd.FOLDER / "vtoken-store-format.5.scd")))
    text = (scd.ROOT / "lib/store/FORMAT.md").read_text(encoding="utf-8")
    for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE):
        if bare(block) not in page:
            yield f"vtoken-store-format.5.scd: lacks what FORMAT.md has: {block.strip().splitlines()[0]}"


def render(page, folder):
    """Makes the page and reads it with what people read it with."""
    made = folder / f"man{page.name[-5]}" / page.name[:-4]
    done = subprocess.run([scd.ROOT / "cmake/render_page.sh", page, made, "0.0"], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0 or done.stderr:
        return [f"{page.name}: {done.stderr.strip()}"]
    found = []
    readers = [(["man", "-l", "--warnings", "-P", "cat", str(made)], width, None) for width in WIDTHS]
    readers.append((["man", "-l", "--warnings", "-E", "ascii", "-P", "cat", str(made)], "80", None))
    readers.append((["mandoc", "-T", "lint", "-W", "error", str(made)], "80", None))
    name, summary = re.search(r"^(vtoken\S*) - (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE).groups()
    readers.append((["lexgrog", str(made)], "80", f'{made}: "{name} - {summary}"\n'))
    for command, width, expected in readers:
        environment = {"PATH": os.environ["PATH"], "MANWIDTH": width, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)
        wrong = done.returncode != 0 or done.stderr or (expected is not None and done.stdout != expected)
        if wrong or (command[0] == "man" and name not in done.stdout):
            found.append(f"{page.name}: {command[0]} at width {width}: {done.stderr.strip() or done.stdout.strip()}")
    return found


def search_findings(folder):
    """whatis and apropos find the pages."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    subprocess.run(["mandb", "-q", "-c", "-u", folder], env=environment, check=False, capture_output=True, timeout=120)
    found = subprocess.run(["apropos", "-M", folder, "-e", "token"], env=environment, check=False, capture_output=True,
                           text=True, timeout=60).stdout
    for name in ("vtoken-create (1)", "vtoken-inspect (1)"):
        if name not in found:
            yield f"apropos token does not find {name}"


def main():
    if sys.argv[1:] == ["--fix"]:
        fix()
        return 0
    findings = [*flag_findings(), *variable_findings(), *store_findings()]
    for page in scd.pages():
        findings += source_findings(page)
    with tempfile.TemporaryDirectory() as text, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(text)
        for section in "157":
            (folder / f"man{section}").mkdir()
        for found in pool.map(lambda page: render(page, folder), scd.pages()):
            findings += found
        findings += search_findings(folder)
    print("".join(f"{finding}\n" for finding in findings), end="")
    print(f"{len(scd.pages())} pages, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
