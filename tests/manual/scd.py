"""What the sources of the manual say: man/*.scd, read for tests."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "man"

FLAG = re.compile(r"\*-([a-z][a-z-]*)\*((?:=_[A-Z]+_)*)")
# Only flags, joined by ", ": what is defined by the indented lines below, or a line of the list of common flags.
FLAGS_ONLY = re.compile(rf"{FLAG.pattern}(?:, {FLAG.pattern})*,?")


def pages():
    """All sources, as paths."""
    return sorted(FOLDER.glob("*.scd"))


def page_of(command):
    """The source of a command's page, such as "roles write"."""
    return FOLDER / f"vtoken-{command.replace(' ', '-')}.1.scd"


def sections(page):
    """{title: lines}, without the lines of literal blocks, in the page's order."""
    found, lines, literal = {}, [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            literal = not literal
        elif not literal and line.startswith("# "):
            lines = found.setdefault(line[2:], [])
        elif not literal:
            lines.append(line)
    return found


def _flags(lines, indented):
    found = {}
    for line in lines:
        text = line.strip("\t")
        if (text != line) == indented and FLAGS_ONLY.fullmatch(text):
            found.update({name: value.replace("_", "")[1:] for name, value in FLAG.findall(text)})
    return found


def defined(page):
    """{flag: what stands for its value, "" for none} of the flags that the page itself explains."""
    return _flags([line for lines in sections(page).values() for line in lines], indented=False)


def named(page, title):
    """The same of the flags that one of the page's sections only names: they are explained on another page."""
    return _flags(sections(page).get(title, []), indented=True)


def flags(page):
    """The same of all flags of a command."""
    return defined(page) | named(page, "FLAGS OF CREATE") | named(page, "COMMON FLAGS")


def literals(page):
    """The literal blocks of a page."""
    return re.findall(r"^```\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def references(page):
    """The pages of ours that a page names, such as "vtoken-create.1"."""
    text = page.read_text(encoding="utf-8")
    return {f"{name}.{section}" for name, section in re.findall(r"\*(vtoken[a-z-]*)\*\((\d)\)", text)}
