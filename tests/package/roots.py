"""A small Debian system in a folder: the files and the records of a few of this machine's packages, and nothing else. dpkg
installs into it, and programs run inside it, without a network."""
import os
import re
import shutil
import subprocess

from tools import run

MERGED = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]  # links into usr on every Debian since 2023

# dpkg takes a folder away that is empty and nobody's: those of every system belong to each package on record.
FOLDERS = "".join(f"/usr/{name}\n" for name in MERGED) + "/tmp\n/root\n/var\n/var/lib\n"


def as_root():
    """What goes before a command that has to be root: nothing, or a namespace in which we are; None when neither can be."""
    if os.geteuid() == 0:
        return []
    inside = ["unshare", "--user", "--map-root-user"]
    able = shutil.which("unshare") and subprocess.run([*inside, "true"], capture_output=True, check=False).returncode == 0
    return inside if able else None


def names_in(relations):
    """[["a"], ["b", "c"]] for "a (>= 1), b | c:any"."""
    return [[re.split(r"[ :(]", choice.strip())[0] for choice in group.split("|")] for group in relations.split(",") if group.strip()]


class Installed:
    """This machine's packages: what they depend on, and by which names others know them."""

    def __init__(self):
        self.depends, self.files_of, self.provider = {}, {}, {}
        form = "${Package}\t${binary:Package}\t${Pre-Depends}, ${Depends}\t${Provides}\t${db:Status-Status}\n"
        for line in run("dpkg-query", "--show", f"--showformat={form}").splitlines():
            name, full, depends, provides, status = line.split("\t")
            if status == "installed":
                self.depends[name], self.files_of[name] = names_in(depends), full
                self.provider.update({each[0]: name for each in names_in(provides)})

    def closure(self, packages):
        """Packages with all that they depend on."""
        found, todo = set(), list(packages)
        while todo:
            package = todo.pop()
            if package in found:
                continue
            found.add(package)
            for choices in self.depends[package]:
                here = [name if name in self.depends else self.provider.get(name) for name in choices]
                assert any(here), f"{package} depends on {choices}"
                todo.append(next(filter(None, here)))
        return found


class Root:
    """`real` packages are there with their files; `claimed` ones are only on record."""

    def __init__(self, folder, real, claimed=()):
        self.folder, self.prefix = folder, as_root()
        installed = Installed()
        real = installed.closure(real)
        for name in MERGED:
            (folder / "usr" / name).mkdir(parents=True)
            (folder / name).symlink_to(f"usr/{name}")
        for name in ("tmp", "root", "var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/dpkg/triggers"):
            (folder / name).mkdir(parents=True)
        (folder / "var/lib/dpkg/info/format").write_text("1\n", encoding="utf-8")
        stanzas = []
        for package in sorted(real | installed.closure(claimed)):
            stanzas.append(run("dpkg-query", "--status", package))
            full = installed.files_of[package]  # with its architecture where that is part of the name
            files = run("dpkg-query", "--listfiles", full)
            if package in real:
                self._copy(files.splitlines())
            (folder / f"var/lib/dpkg/info/{full}.list").write_text(files + FOLDERS, encoding="utf-8")
        (folder / "var/lib/dpkg/status").write_text("\n".join(stanzas), encoding="utf-8")

    def _copy(self, files):
        for name in files:
            if "/share/" in name or not os.path.isfile(name):
                continue
            to = self.folder / name.lstrip("/")
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, to, follow_symlinks=False)

    def dpkg(self, *arguments):
        """dpkg on this root; what a container's settings leave out (pages, documents) is installed all the same."""
        return run(*self.prefix, "dpkg", f"--root={self.folder}", "--path-include=/*", *arguments)

    def run(self, *command, status=0):
        """A program inside, as root, with an empty environment; standard output and error."""
        done = subprocess.run([*self.prefix, "chroot", str(self.folder), *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, timeout=60, env={"HOME": "/root", "PATH": "/usr/sbin:/usr/bin"})
        assert done.returncode == status, (command, done)
        return done.stdout

    def tree(self):
        """Every path inside but dpkg's own records."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*")
                      if not path.is_relative_to(self.folder / "var/lib/dpkg"))

    def records(self):
        return sorted(path.name for path in (self.folder / "var/lib/dpkg/info").iterdir())
