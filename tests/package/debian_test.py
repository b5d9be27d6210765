"""The Debian packages that cpack makes: what they ask for, and their life in a system that has the C library and nothing
else: installed, used, upgraded, removed."""
import re
import shutil
import stat

import pytest

from roots import Installed, Root, as_root
from tools import BUILD, dead_links, files_below, library_folder, manual_pages, run, version

needs_root = pytest.mark.skipif(as_root() is None, reason="neither root nor able to make a user namespace")


@pytest.fixture(scope="module")
def packages(folder):
    """Packed as always, but quickly, and by somebody who keeps files to himself."""
    run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", umask=0o077)
    made = {path.name.split("_")[0]: path for path in folder.glob("*.deb")}
    assert set(made) == {"vtoken", "libvtoken-dev"}
    return made


def field(package, name):
    return run("dpkg-deb", "--field", package, name).strip()


def test_the_program_needs_the_c_library_alone(packages):
    assert field(packages["vtoken"], "Version") == version()
    # Not "<< 2.37", which stands there when something private of the C library is used.
    assert re.fullmatch(r"libc6 \(>= 2\.\d+\)", field(packages["vtoken"], "Depends"))
    assert "libcurl4" in field(packages["vtoken"], "Recommends")


def test_the_libraries_need_what_their_headers_and_archives_do(packages):
    depends = field(packages["libvtoken-dev"], "Depends")
    assert {"libssl-dev", "libsqlite3-dev", "libexpected-dev", "nlohmann-json3-dev"} == set(depends.split(", "))
    assert len(Installed().closure(depends.split(", "))) > 4  # they exist


@pytest.fixture(scope="module")
def unpacked(packages, folder):
    places = {}
    for name, package in packages.items():
        places[name] = folder / f"unpacked-{name}"
        run("dpkg-deb", "--extract", package, places[name])
    return places


def test_files_are_where_debian_wants_them(unpacked):
    program, libraries = files_below(unpacked["vtoken"]), files_below(unpacked["libvtoken-dev"])
    assert {"usr/bin/vtoken", "usr/share/bash-completion/completions/vtoken", "usr/share/zsh/vendor-completions/_vtoken",
            "usr/share/fish/vendor_completions.d/vtoken.fish"} < set(program)
    assert {f"usr/{page}.gz" for page in manual_pages()} == {name for name in program if "/man/" in name}
    assert not [name for name in program if "/include/" in name or "/lib/" in name and "/doc/" not in name]
    assert not [name for name in libraries if "/bin/" in name]
    assert f"usr/{library_folder()}/libvtoken-client.a" in libraries
    for package, files in (("vtoken", program), ("libvtoken-dev", libraries)):
        assert {f"usr/share/doc/{package}/copyright", f"usr/share/doc/{package}/changelog.gz"} < set(files)
    assert not dead_links(unpacked["vtoken"] / "usr/share/doc")
    licences = run("gzip", "-dc", unpacked["vtoken"] / "usr/share/doc/vtoken/libraries.gz")
    for part in ("libssl-dev", "libyaml-dev", "libcli11-dev", "libfmt-dev"):
        assert f"==== {part} ====" in licences
    assert "Permission is hereby granted" in licences


def test_modes_and_sums(packages, unpacked):
    for name, package in packages.items():
        for line in run("dpkg-deb", "--contents", package).splitlines():
            mode, owner = line.split()[:2]
            assert owner == "root/root", line
            assert mode in ("drwxr-xr-x", "-rw-r--r--") or line.endswith("/usr/bin/vtoken"), line
        control = unpacked[name].with_name(f"control-{name}")
        run("dpkg-deb", "--control", package, control)
        run("md5sum", "--check", "--quiet", control / "md5sums", cwd=unpacked[name])
        assert not [path for path in control.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o111], "scripts"


@needs_root
def test_it_is_installed_used_and_removed(packages, folder):
    root = Root(folder / "system", ["libc6"], claimed=["libssl-dev", "libsqlite3-dev", "libexpected-dev", "nlohmann-json3-dev"])
    before, records = root.tree(), root.records()
    root.dpkg("--install", packages["vtoken"], packages["libvtoken-dev"])
    assert "install ok installed" in root.dpkg("--status", "vtoken")
    assert root.dpkg("--verify", "vtoken") == ""

    assert version() in root.run("vtoken", "-version")
    assert "vtoken create" in root.run("vtoken", "create", "-help")
    root.run("vtoken", "store", "init", "-store=/root/a.db")
    token = root.run("vtoken", "create", "-q", "-store=/root/a.db", "-policy=default", "-ttl=1h", "-field=token").strip()
    assert root.run("vtoken", "lookup", "-q", "-store=/root/a.db", "-field=display_name", token).strip() == "token"
    # Without what is recommended, servers are the one thing that it cannot ask.
    refused = root.run("vtoken", "lookup", "-address=https://127.0.0.1:1", token, status=2)
    assert "install the package libcurl4" in refused

    root.dpkg("--install", packages["vtoken"])  # over itself, as an upgrade
    assert root.run("vtoken", "lookup", "-q", "-store=/root/a.db", "-field=display_name", token).strip() == "token"
    root.dpkg("--purge", "vtoken", "libvtoken-dev")
    # What its user made is the user's; of the packages there is nothing left.
    left = root.tree()
    assert "root/a.db" in left
    assert [path for path in left if not path.startswith("root/")] == before
    assert root.records() == records


@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not installed")
def test_lintian(packages):
    told = run("lintian", "--allow-root", "--fail-on=error,warning", "--tag-display-limit=0", *packages.values())
    assert not [line for line in told.splitlines() if line[:2] in ("E:", "W:")]
