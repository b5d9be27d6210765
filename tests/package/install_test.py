"""`cmake --install`, and another project that uses what was installed: the example of docs/example, once by CMake and
once by pkg-config."""
import os
import re
import shutil
import stat
import subprocess

import pytest

from servers import ROOT, DevServer
from tools import BUILD, HEADERS, SOURCE, dead_links, files_below, library_folder, manual_pages, run, version

LAUNCHER = shutil.which("ccache")


@pytest.fixture(scope="module")
def place(folder):
    """Where `make install DESTDIR=…` of a packager puts it."""
    run("cmake", "--install", BUILD, "--prefix", "/usr", env={**os.environ, "DESTDIR": str(folder / "root")})
    return folder / "root/usr"


def test_everything_is_in_its_place(place):
    files = files_below(place)
    expected = {
        "bin/vtoken", "share/bash-completion/completions/vtoken", "share/zsh/site-functions/_vtoken",
        "share/fish/vendor_completions.d/vtoken.fish", "share/doc/vtoken/README.md", "share/doc/vtoken/lib/store/FORMAT.md",
        f"{library_folder()}/libvtoken-token.a", f"{library_folder()}/libvtoken-client.a",
        f"{library_folder()}/pkgconfig/vtoken.pc", f"{library_folder()}/pkgconfig/vtoken-token.pc",
        f"{library_folder()}/cmake/vtoken/vtokenConfig.cmake", f"{HEADERS}/token/decode.hpp", f"{HEADERS}/core/token_client.hpp",
        f"{HEADERS}/store/store.hpp", f"{HEADERS}/remote/remote.hpp", *manual_pages()}
    assert not expected - set(files)
    # Nothing beside it, such as what a parser keeps to itself.
    kinds = r"bin/vtoken|include/vtoken/.*\.hpp|share/(doc/(vtoken|libvtoken-dev)|man/man[157]|bash-completion|zsh|fish)/.*"
    others = [name for name in files if not re.fullmatch(kinds, name) and not name.startswith(library_folder())]
    assert not others
    assert not [name for name in files if re.search(r"handle_|schema_|_test|\.cpp$", name) and "examples/" not in name]
    modes = {stat.S_IMODE((place / name).stat().st_mode) for name in files if name != "bin/vtoken"}
    assert modes == {0o644}
    assert stat.S_IMODE((place / "bin/vtoken").stat().st_mode) == 0o755
    assert run(place / "bin/vtoken", "-version").split()[-1].lstrip("v") == version()


def test_nothing_installed_knows_the_build(place):
    for name in files_below(place):
        if not name.startswith("bin/"):
            content = (place / name).read_bytes()
            assert str(BUILD).encode() not in content, name
            assert str(SOURCE).encode() not in content, name


def test_links_of_the_documents_lead_somewhere(place):
    assert not dead_links(place / "share/doc")


def build_by_cmake(place, folder):
    shutil.copytree(SOURCE / "docs/example", folder / "by-cmake")
    launcher = [f"-DCMAKE_CXX_COMPILER_LAUNCHER={LAUNCHER}"] if LAUNCHER else []
    run("cmake", "-S", folder / "by-cmake", "-B", folder / "by-cmake/build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={place}", *launcher)
    run("ninja", "-C", folder / "by-cmake/build")
    return folder / "by-cmake/build"


def pkg_config(place):
    """The environment in which pkg-config finds what is installed below a DESTDIR."""
    paths = {"PKG_CONFIG_PATH": str(place / library_folder() / "pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(place.parent)}
    return {**os.environ, **paths}


def build_by_make(place, folder):
    shutil.copytree(SOURCE / "docs/example", folder / "by-make")
    compiler = "ccache c++" if LAUNCHER else "c++"
    run("make", "-C", folder / "by-make", f"CXX={compiler}", env=pkg_config(place))
    return folder / "by-make"


@pytest.fixture(scope="module")
def programs(place, folder):
    return {"cmake": build_by_cmake(place, folder), "make": build_by_make(place, folder)}


def answer(program, *arguments, token, stdin=None):
    return subprocess.run([program, *arguments], input=stdin, capture_output=True, text=True, check=False, timeout=60,
                          env={"VAULT_TOKEN": token})


@pytest.fixture(scope="module")
def store(place, folder):
    path = folder / "example.db"
    run(place / "bin/vtoken", "store", "init", f"-store={path}", env={"HOME": str(folder)})
    return path, (folder / "example.db.token").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("way", ["cmake", "make"])
def test_the_example_reads_tokens_and_asks_a_store(programs, store, place, folder, way):
    path, root = store
    made = run(place / "bin/vtoken", "create", f"-store={path}", "-policy=default", "-ttl=1h", "-field=token", env={"HOME": str(folder)})
    told = answer(programs[way] / "decode", token="", stdin=f"{made.strip()}\nhvb.AAAA\n")
    assert re.fullmatch(r"hvs\.\*+\w{4}: service, ssc, index \d+\n\S+: batch, batch, damaged\n", told.stdout), told
    assert told.returncode == 1
    asked = answer(programs[way] / "ask", f"file://{path}", token=root)
    assert asked.stdout == "asked by root, which has no end\nmade a token for 60 s\nand ended it\n", asked
    refused = answer(programs[way] / "ask", f"file://{path}", token="hvs.wrong")
    assert (refused.returncode, refused.stderr.strip()) == (2, "ask: status 403: permission denied"), refused


def test_the_example_asks_a_server(programs, folder):
    server = DevServer(folder / "server")
    try:
        asked = answer(programs["cmake"] / "ask", server.http, token=ROOT)
        assert asked.stdout == "asked by token, which has no end\nmade a token for 60 s\nand ended it\n", asked
    finally:
        server.stop()


def test_every_header_stands_alone_and_the_archives_are_whole(place, folder):
    """One file that includes them all, the last ones first, linked with everything that the archives hold."""
    names = [name for name in files_below(place) if name.endswith(".hpp")]
    lines = [f"#include <{name.removeprefix('include/')}>\n" for name in reversed(names)]
    (folder / "all.cpp").write_text("".join(lines) + "int main() {}\n", encoding="utf-8")
    flags = run("pkg-config", "--cflags", "--libs", "vtoken", env=pkg_config(place)).split()
    whole = ["-Wl,--whole-archive", "-lvtoken-client", "-lvtoken-token", "-Wl,--no-whole-archive"]
    others = [flag for flag in flags if not flag.startswith("-lvtoken")]
    search = [flag for flag in others if flag.startswith("-L")]
    run("c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", folder / "all.cpp", "-o", folder / "all", *search, *whole, *others)
    run(folder / "all")


def test_the_decoder_alone_needs_less(place, folder):
    """By its component; and a component that does not exist is named."""
    project = "cmake_minimum_required(VERSION 3.25)\nproject(other LANGUAGES CXX)\n"
    for wanted, status in [("token", 0), ("nonsense", 1)]:
        other = folder / f"component-{wanted}"
        other.mkdir()
        (other / "CMakeLists.txt").write_text(
            project + f"find_package(vtoken 0.1 REQUIRED COMPONENTS {wanted})\n"
            "if(TARGET vtoken::client OR TARGET SQLite::SQLite3)\n  message(FATAL_ERROR \"too much\")\nendif()\n", encoding="utf-8")
        done = subprocess.run(["cmake", "-S", other, "-B", other / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={place}"],
                              capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == status, done.stderr
        if status:
            assert "components token and client, not nonsense" in " ".join(done.stderr.split())
