"""The corpus: files with tokens and with what looks like some, and where each of them is.

pages/NAME.page is a file with marks where something is to stand; README.md says what they mean. A label is made with
its file, from the mark, so no scanner has a say in it.
"""
import dataclasses
import functools
import pathlib
import random
import re

FOLDER = pathlib.Path(__file__).resolve().parent
MARK = re.compile("⟦(?P<sign>[!~])?(?P<weak>weak:|any:)?(?P<body>[^⟧]*)⟧")
SLICE = re.compile(r"^(.*)\[(\d*):(\d*)\]$")
BOMS = {"utf-8": b"\xef\xbb\xbf", "utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff"}
# Two kinds prove themselves, the others can only look right.
USUAL = {"ssc": "proved", "batch": "proved", "inner": "likely", "recovery": "likely", "legacy": "likely"}


@dataclasses.dataclass(frozen=True)
class Label:
    """What stands at a place, and what a scanner is to say about it."""
    line: int
    column: int  # from 1, in bytes; of UTF-16 in bytes of the same text as UTF-8
    length: int  # likewise
    truth: str  # "token", "part" of one, or "no" token
    format: str  # of a token; else "-"
    expected: str  # "proved", "likely", "weak", "weak?" (that or nothing), "none", "any"
    name: str  # of the token; else "-"


@dataclasses.dataclass(frozen=True)
class Page:
    name: str
    data: bytes
    text: bytes  # what labels and scanners count in: the data, or for UTF-16 the same text as UTF-8
    labels: tuple

    @functools.cached_property
    def line_starts(self):
        return [0, *(newline.end() for newline in re.finditer(b"\n", self.text))]

    def offset(self, line, column):
        """Into `text`."""
        return self.line_starts[line - 1] + column - 1


def tokens():
    """name → (format, token)"""
    lines = (FOLDER / "tokens.tsv").read_text().splitlines()
    return {name: (kind, token) for name, kind, token in (line.split("\t") for line in lines if line[0] != "#")}


def filler(count):
    """Members of a list as programs write them, `count` bytes or a few more: the same each time, and no token in it."""
    dice, parts, size = random.Random(count), [], 0
    while size < count:
        parts.append('{"id":%d,"s.b":"%032x","r":[%s]},' % (dice.randrange(10**9), dice.getrandbits(128), dice.random()))
        size += len(parts[-1])
    return "".join(parts)[:-1]


def written(mark, known):
    """What a mark stands for: (text, truth, format, expected, name)."""
    sign, body = mark["sign"], mark["body"]
    weak = {"weak:": "weak", "any:": "any", None: "weak?"}[mark["weak"]]
    if sign == "!":
        return body, "no", "-", weak, "-"
    if sign == "~":
        name, start, end = SLICE.match(body).groups()
        text = known[name][1][int(start or 0):int(end) if end else None]
        return text, "part", "-", weak, name
    name, _, expected = body.partition("=")
    kind, text = known[name]
    return text, "token", kind, expected or USUAL[kind], name


def pieces(text, known):
    """The page's text in pieces: (text, None, or what the label says of it)."""
    at = 0
    for mark in MARK.finditer(text):
        yield text[at:mark.start()], None
        at = mark.end()
        if mark["body"].startswith("fill "):
            yield filler(int(mark["body"][5:])), None
        else:
            piece, *about = written(mark, known)
            yield piece, about
    yield text[at:], None


def build(path, known):
    text = path.read_text(encoding="utf-8")
    name, options = path.name.removesuffix(".page"), []
    if text.startswith("%% "):
        first, text = text.split("\n", 1)
        options = first.split()[1:]
    name = next((o[5:] for o in options if o.startswith("name=")), name)
    encoding = next((o for o in options if o in BOMS), "utf-8")
    if "one-line" in options:
        text = text.replace("\n", "") + "\n"
    if "no-final-newline" in options:
        text = text.removesuffix("\n")
    if "crlf" in options:
        text = text.replace("\n", "\r\n")
    start = BOMS[encoding] if "bom" in options else b""
    inside, labels = bytearray(start if encoding == "utf-8" else b""), []
    for piece, about in pieces(text, known):
        encoded = piece.encode()
        if about:
            truth, kind, expected, token = about
            line, column = inside.count(b"\n") + 1, len(inside) - inside.rfind(b"\n")
            labels.append(Label(line, column, len(encoded), truth, kind, expected, token))
        inside += encoded
    data = bytes(inside) if encoding == "utf-8" else start + inside.decode().encode(encoding)
    return Page(name, data, bytes(inside), tuple(labels))


def pages():
    known = tokens()
    return [build(path, known) for path in sorted((FOLDER / "pages").glob("*.page"))]


def label_text(page):
    head = "# line\tcolumn\tlength\ttruth\tformat\texpected\tname\n"
    return head + "".join("\t".join(str(value) for value in dataclasses.astuple(label)) + "\n" for label in page.labels)


def write(folder):
    """Makes the files in folder/files and, by the same names and ".tsv", their labels in folder/labels."""
    made = pages()
    for sub in ("files", "labels"):
        (folder / sub).mkdir(parents=True)
    for page in made:
        (folder / "files" / page.name).write_bytes(page.data)
        (folder / "labels" / f"{page.name}.tsv").write_text(label_text(page))
    return made
