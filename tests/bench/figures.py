"""README.md's table of measured figures, and the line that says on what they were measured."""
import datetime
import os
import pathlib
import re
import subprocess

README = pathlib.Path(__file__).resolve().parent.parent.parent / "README.md"
BEGIN, END = "<!-- measured by scripts/bench --only=clients --readme -->\n", "<!-- end -->\n"
COLUMNS = {"store": "`vtoken`, a store", "server": "`vtoken`, a server", "bao": "`bao`", "hvac": "`hvac`", "curl": "`curl`"}


def table(figures):
    rows = [["", *COLUMNS.values()], ["---"] + ["---:"] * len(COLUMNS)]
    rows += [[name, *(cells.get(column, "") for column in COLUMNS)] for name, cells in figures.items()]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def first_line(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]


def machine(options):
    """Where this was measured, when, and with which versions."""
    processor = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    hvac = first_line([str(options.python), "-c", "import hvac, importlib.metadata as m; print(m.version('hvac'))"])
    python = first_line([str(options.python), "--version"])
    bao = re.search(r"v[\d.]+", first_line([str(options.bao), "version"])).group()
    curl = " ".join(first_line(["curl", "--version"]).split()[:2])
    return (f"{datetime.date.today():%B %Y}, {cores} cores of {processor.group(1) if processor else 'an unnamed processor'}, "
            f"{system.group(1)}; OpenBao {bao}, hvac {hvac} on {python}, {curl}")


def write(figures, options):
    """Replaces what stands between the marks in README.md."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    text = f"{table(figures)}\nMedians of one run: {machine(options)}; the server in memory on the same machine.\n"
    README.write_text(before + BEGIN + text + END + after, encoding="utf-8")
