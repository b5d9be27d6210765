"""TLS against a real server: who is trusted, who is not, and what is said then."""
import shutil

import pytest

import command


@pytest.fixture
def secure(server, home):
    """vtoken by https, without anything that says whom to trust."""
    return command.vtoken(home, server.https())


def trusted(run):
    return run.field("path", "lookup") == "auth/token/create"


def test_a_file_of_authorities(secure, authority):
    assert trusted(secure.with_environment(VAULT_CACERT=str(authority.file)))
    assert secure.ok("lookup", f"-ca-cert={authority.file}").status == 0


def test_authorities_in_a_variable(secure, authority):
    assert trusted(secure.with_environment(VAULT_CACERT_BYTES=authority.file.read_text()))


def test_a_folder_of_authorities(secure, authority, stranger, home):
    folder = home / "authorities"
    folder.mkdir()
    for one in (authority, stranger):  # under names that no hash has made
        shutil.copy(one.file, folder)
    assert trusted(secure.with_environment(VAULT_CAPATH=str(folder)))
    assert secure.ok("lookup", f"-ca-path={folder}").status == 0


def test_the_systems_authorities(secure, authority):
    assert trusted(secure.with_environment(SSL_CERT_FILE=str(authority.file)))


def test_a_flag_beats_the_variable(secure, authority, stranger):
    run = secure.with_environment(VAULT_CACERT=str(stranger.file))
    assert run.run("lookup").status == 2
    assert run.ok("lookup", f"-ca-cert={authority.file}").status == 0


@pytest.mark.parametrize("trusted_file", [None, "stranger"])
def test_an_unknown_authority(secure, stranger, trusted_file):
    run = secure.with_environment(VAULT_CACERT=str(stranger.file)) if trusted_file else secure
    done = run.run("lookup")
    assert done.status == 2 and done.out == ""
    assert "certificate signed by unknown authority" in done.err
    if trusted_file:
        assert str(stranger.file) in done.err  # which file was trusted


def test_an_expired_certificate(server, secure, authority):
    done = secure.run("lookup", f"-address={server.https('expired')}", f"-ca-cert={authority.file}")
    assert done.status == 2
    assert "certificate has expired or is not yet valid" in done.err


def test_a_certificate_of_another_host(server, secure, authority):
    flags = (f"-address={server.https('elsewhere')}", f"-ca-cert={authority.file}")
    done = secure.run("lookup", *flags)
    assert done.status == 2
    assert "127.0.0.1" in done.err and "certificate" in done.err
    assert secure.ok("lookup", *flags, "-tls-server-name=bao.example").status == 0
    assert secure.ok("lookup", *flags, VAULT_TLS_SERVER_NAME="bao.example").status == 0
    assert secure.run("lookup", *flags, "-tls-server-name=other.example").status == 2


def test_not_to_verify(server, secure):
    for kind in ("https", "expired", "elsewhere"):
        done = secure.ok("lookup", f"-address={server.https(kind)}", "-tls-skip-verify")
        assert "verif" in done.err  # it is warned about
    assert secure.ok("lookup", VAULT_SKIP_VERIFY="true").status == 0


def test_a_client_certificate(server, secure, authority, stranger):
    certificate, key = authority.issue("client", "DNS:client")
    run = secure.with_environment(VAULT_ADDR=server.https("mutual"), VAULT_CACERT=str(authority.file))
    assert run.ok("lookup", f"-client-cert={certificate}", f"-client-key={key}").status == 0
    assert run.ok("lookup", VAULT_CLIENT_CERT=str(certificate), VAULT_CLIENT_KEY=str(key)).status == 0
    bytes_ = {"BAO_CLIENT_CERT_BYTES": certificate.read_text(), "BAO_CLIENT_KEY_BYTES": key.read_text()}
    assert run.ok("lookup", **bytes_).status == 0

    without = run.run("lookup")
    assert without.status == 2 and "-client-cert" in without.err
    theirs, their_key = stranger.issue("their-client", "DNS:client")
    wrong = run.run("lookup", f"-client-cert={theirs}", f"-client-key={their_key}")
    assert wrong.status == 2 and "-client-cert" in wrong.err
    mixed = run.run("lookup", f"-client-cert={certificate}", f"-client-key={their_key}")
    assert mixed.status == 2 and "the client certificate or its key cannot be used" in mixed.err
    half = run.run("lookup", f"-client-cert={certificate}")
    assert half.status == 1 and "-client-cert is given without -client-key" in half.err


def test_files_that_are_not_there_or_hold_nothing(secure, home):
    missing = secure.run("lookup", "-ca-cert=/no/such/file")
    assert missing.status in (1, 2) and "/no/such/file" in missing.err
    empty = home / "empty.pem"
    empty.write_text("no certificate\n")
    done = secure.run("lookup", f"-ca-cert={empty}")
    assert done.status in (1, 2) and str(empty) in done.err


def test_http_against_https_and_the_reverse(server, secure, authority):
    done = secure.run("lookup", f"-address=http://127.0.0.1:{server.ports['https']}")
    assert done.status == 2
    assert "https://" in done.err  # what to write instead
    done = secure.run("lookup", f"-address=https://127.0.0.1:{server.ports['http']}", f"-ca-cert={authority.file}")
    assert done.status == 2
    assert "server gave HTTP response to HTTPS client" in done.err and "http://" in done.err


def test_no_failure_shows_the_token(server, secure, stranger):
    for flags in (["-ca-cert=/none"], [f"-ca-cert={stranger.file}"], [f"-address={server.https('expired')}"],
                  [f"-address=http://127.0.0.1:{server.ports['https']}"]):
        done = secure.run("lookup", *flags, "-v")
        assert done.status != 0
        assert "root-of-the-tests" not in done.out + done.err
