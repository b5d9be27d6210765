"""Runs programs, and knows the build that is tested."""
import os
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ["VTOKEN_BUILD"]).resolve()
HEADERS = "include/vtoken"


def run(*command, status=0, **more):
    """A program's standard output; another exit status than `status` ends the test."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=300, **more)
    assert done.returncode == status, f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def cached(name):
    """A setting of the build."""
    for line in (BUILD / "CMakeCache.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return line.split("=", 1)[1]
    raise AssertionError(f"{name} is not in CMakeCache.txt")


def library_folder():
    return cached("CMAKE_INSTALL_LIBDIR")


def version():
    return cached("CMAKE_PROJECT_VERSION")


def manual_pages():
    """man1/vtoken.1 and so on: a page for each source, of which there are some."""
    pages = sorted(path.stem for path in (SOURCE / "man").glob("*.scd"))
    assert len(pages) > 30
    return [f"share/man/man{page[-1]}/{page}" for page in pages]


def dead_links(documents):
    """Links of pages below a folder that lead nowhere; addresses are not looked at."""
    links = [(page, link) for page in documents.rglob("*.md")
             for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))]
    assert links
    return [f"{page.relative_to(documents)}: {link}" for page, link in links if not (page.parent / link).exists()]


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
