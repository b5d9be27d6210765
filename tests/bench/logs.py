"""Large files for scans to read, the same every time: what is written depends on nothing but these lines."""
import random

MIB = 1 << 20
BLOCK = 16 * MIB  # drawn once and repeated
TOKENS = ("hvs.CAESIFalqKO5Lel9Y1ZIqLPIiVKoH4HRwt-6uXaXMGe5s4AoGh4KHGh2cy5PSFlvOHVtbFB5UWlKRDcyb2RrUm5PZlE",
          "hvs.ErD4t88mPJDDOq6dnaOiT6gn",
          "hvr.uDTTDn5OEB8pHTv7tcQlkCS4")  # what is to be found, at the start, after a third, after two thirds
WORDS = """a about accepted accessor account address after again all already an and answer application at audit available back
backend batch be been before begins behind between block bytes cache called can certificate change checked client closed cluster code
command commit config connected connection could count created data database day default deleted deploy disk done each entry error
event every exceeded expired failed field file finished first five folder for found from given had handler has have health heartbeat
high host hours however how in index info instance into is issued its job journal keep key last leader lease left less level limit
line list listener loaded local lock log long made main many memory message minutes missing more most name network new next no node
not now number of on one only opened or order other out over own page parent path period permission policy pool port process
provider queue quota raft read ready received record refused region released renewed replica report request restarted result retry
return revoked role root row running same sealed secret seconds secrets server service session set shard signal since size slow
small snapshot some source space start started state status still storage stored stream system table task team than that the their
them then there these thing this thread three time timeout to token two under unit until update used user valid value verified
version volume wait was were what when where which while will window with without worker write written year zone""".split()


def words(size):
    """Lines as programs log them."""
    dice, lines, have = random.Random(1), [], 0
    while have < size:
        second = len(lines)
        text = " ".join(dice.choices(WORDS, k=dice.randint(5, 18)))
        level = dice.choice(("INFO ", "INFO ", "DEBUG", "WARN "))
        end = dice.choice(("", ".", "..."))
        lines.append("2026-03-%02dT%02d:%02d:%02d.%03dZ %s %s%s\n" % (second // 86400 % 28 + 1, second // 3600 % 24, second // 60 % 60,
                                                                    second % 60, dice.randrange(1000), level, text, end))
        have += len(lines[-1])
    return "".join(lines).encode()[:size]


def letters(size, alphabet, line=100):
    """Random letters, each as often, in lines of so many, or without a newline."""
    table = bytes(alphabet[n % len(alphabet)] for n in range(256))
    uneven = bytes(range(256 - 256 % len(alphabet), 256))
    drawn = bytearray(random.Random(2).randbytes(size * 5 // 4 + 4096).translate(table, uneven)[:size])
    if line:
        drawn[line::line + 1] = b"\n" * len(drawn[line::line + 1])
    return bytes(drawn)


LOWER = bytes(range(ord("a"), ord("z") + 1))
KINDS = {
    "words": words,
    "letters": lambda size: letters(size, LOWER.upper() + LOWER),
    "lower": lambda size: letters(size, LOWER),
    "line": lambda size: letters(size, LOWER.upper() + LOWER, line=None),
}


def write(path, kind, size):
    """Makes the file: a block of that kind again and again, with no token in it."""
    block = KINDS[kind](min(size, BLOCK))
    with open(path, "wb") as file:
        while (at := file.tell()) < size:
            file.write(block[:size - at])


def plant(path, kind):
    """Writes TOKENS over what is in the file."""
    size = path.stat().st_size
    with open(path, "r+b") as file:
        for number, token in enumerate(TOKENS):
            # In a single line all are at the end: ripgrep, which counts lines, goes on to the next one after the first.
            file.seek(size - len(TOKENS) * MIB // 8 + number * MIB // 8 if kind == "line" else size * number // len(TOKENS))
            file.write(f' "{token}" '.encode())
