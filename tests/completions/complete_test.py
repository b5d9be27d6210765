"""Lines as a person types them, with TAB: what vtoken is then run with, in each shell."""
import pytest

from conftest import ODD

LEFT = "\x1b[D"  # the key

LINES = [
    # Names of commands.
    ("vtoken cre\t", ["create"]),
    ("vtoken accessors rev\t", ["accessors", "revoke"]),
    ("vtoken store audit en\t", ["store", "audit", "enable"]),
    ("vtoken token cre\t", ["token", "create"]),
    ("vtoken help ren\t", ["help", "renew"]),
    # Flags, with one dash or two, and behind others.
    ("vtoken create -no-de\t", ["create", "-no-default-policy"]),
    ("vtoken create --no-de\t", ["create", "--no-default-policy"]),
    ("vtoken create -ttl 1h -policy=a,b -orp\t", ["create", "-ttl", "1h", "-policy=a,b", "-orphan"]),
    ("vtoken create -expl\t1h", ["create", "-explicit-max-ttl=1h"]),
    ("vtoken -stor\tx", ["-store=x"]),
    ("vtoken lookup -hel\t", ["lookup", "-help"]),
    # Values, as a part of the word and as one of their own.
    ("vtoken create -type=b\t", ["create", "-type=batch"]),
    ("vtoken create -type b\t", ["create", "-type", "batch"]),
    ("vtoken create --type=b\t", ["create", "--type=batch"]),
    ("vtoken lookup -format=y\t", ["lookup", "-format=yaml"]),
    ("vtoken accessors list -sort=ttl,cre\t", ["accessors", "list", "-sort=ttl,created"]),
    ("vtoken create -renewable=f\t", ["create", "-renewable=false"]),
    # Files, folders, and files behind an @.
    ("vtoken lookup -token-file=some\t", ["lookup", "-token-file=some key.pem"]),
    ("vtoken lookup -token-file some\t", ["lookup", "-token-file", "some key.pem"]),
    ("vtoken lookup -ca-path=onl\t", ["lookup", "-ca-path=only-folder/"]),
    ("vtoken scan only-folder/in\t", ["scan", "only-folder/inner.txt"]),
    ("vtoken lookup @only-folder/in\t", ["lookup", "@only-folder/inner.txt"]),
    ("vtoken policy write new only-folder/in\t", ["policy", "write", "new", "only-folder/inner.txt"]),
    ("vtoken write cubbyhole/x data=@only-folder/in\t", ["write", "cubbyhole/x", "data=@only-folder/inner.txt"]),
    # From the store.
    ("vtoken create -role=dep\t", ["create", "-role=deployer"]),
    ("vtoken create -role dep\t", ["create", "-role", "deployer"]),
    ("vtoken roles read dep\t", ["roles", "read", "deployer"]),
    ("vtoken policy read oper\t", ["policy", "read", "operators"]),
    ("vtoken create -policy=oper\t", ["create", "-policy=operators"]),
    ("vtoken create -policy=default -policy=readers-s\t", ["create", "-policy=default", "-policy=readers-some"]),
    ("vtoken policy read odd\t", ["policy", "read", ODD]),
    ("vtoken create -policy=odd\t", ["create", "-policy=" + ODD]),
    ("vtoken policy read we:\t", ["policy", "read", "we:ird=na@me"]),
    ("vtoken create -policy=we:ird=n\t", ["create", "-policy=we:ird=na@me"]),
    ("vtoken policy read Ün\t", ["policy", "read", "Ünder"]),
    ("vtoken read auth/token/roles/dep\t", ["read", "auth/token/roles/deployer"]),
    ("vtoken read auth/token/lookup-s\t", ["read", "auth/token/lookup-self"]),
    ("vtoken capabilities sys/policies/acl/oper\t", ["capabilities", "sys/policies/acl/operators"]),
    # Within quotes, which the shell closes; in the midst of a line, and behind another command.
    ('vtoken create -role="dep\t', ["create", "-role=deployer"]),
    ("vtoken create '-role=dep\t", ["create", "-role=deployer"]),
    ('vtoken policy read "odd\t', ["policy", "read", ODD]),
    ("vtoken policy read 'opera\t", ["policy", "read", "operators"]),
    ("vtoken lookup -token-file='some k\t", ["lookup", "-token-file=some key.pem"]),
    ("vtoken lookup -token-file some\\ k\t", ["lookup", "-token-file", "some key.pem"]),
    ("vtoken create -role=dep -ttl=1h" + 8 * LEFT + "\t", ["create", "-role=deployer", "-ttl=1h"]),
    ("true; VAULT_FORMAT=json vtoken create -metadata=a=b:c -type=b\t", ["create", "-metadata=a=b:c", "-type=batch"]),
    # By the program's path.
    ("bin/vtoken create -role=dep\t", ["create", "-role=deployer"]),
    ("~/bin/vtoken lookup -token-file ~/some\t", ["lookup", "-token-file", "HOME/some key.pem"]),
    # Another program's line.
    ("vtoken run -- onlyprog\t", ["run", "--", "onlyprogram-here"]),
    ("vtoken run -- onlyprogram-here a=b only-folder/in\t",
     ["run", "--", "onlyprogram-here", "a=b", "only-folder/inner.txt"]),
    ("vtoken run -policy oper\t onlyprogram-here -orp\t", ["run", "-policy", "operators", "onlyprogram-here", "-orp"]),
    ("vtoken run -ttl=1h onlyprog\t only-folder/in\t", ["run", "-ttl=1h", "onlyprogram-here", "only-folder/inner.txt"]),
]


@pytest.mark.parametrize("typed, wanted", LINES, ids=[typed.strip() for typed, _ in LINES])
def test_line(shell, typed, wanted):
    wanted = [word.replace("HOME", str(shell.home)) for word in wanted]
    if shell.kind == "zsh":  # takes the slash behind a folder's name away again when the line ends there
        wanted = [word.rstrip("/") for word in wanted]
    assert shell.becomes(typed, wanted), shell.last
    assert not (shell.home / "pwned").exists()


def test_accessor(shell, store):
    begin = store.accessor[:10]
    assert shell.becomes(f"vtoken accessors lookup {begin}\t", ["accessors", "lookup", store.accessor])
    assert shell.becomes(f"vtoken lookup -accessor {begin}\t", ["lookup", "-accessor", store.accessor])
    assert shell.run(f"vtoken lookup {begin}\t") == ["lookup", begin]  # that would be a token


def test_flags_of_the_line_say_where_to_ask(shell):
    assert shell.run("vtoken -store=nowhere.db roles read dep\t") == ["-store=nowhere.db", "roles", "read", "dep"]
    assert shell.run("vtoken roles read -store nowhere.db dep\t") == ["roles", "read", "-store", "nowhere.db", "dep"]


def test_several(shell):
    """What cannot be told apart is listed."""
    shell.list("vtoken accessors \t", "list", "lookup", "revoke")
    shell.list("vtoken store \t", "audit", "backup", "verify")
    shell.list("vtoken create -p\t", "-period", "-policy", "-passphrase-file")
    shell.list("vtoken policy read readers-\t\t", "readers-all", "readers-some")
    shell.list("vtoken create -type=\t", "service", "batch")


def test_nothing_wrong_is_shown(shell):
    """No completion where there is none, and no message into the line."""
    assert shell.run("vtoken nonsense cr\t") == ["nonsense", "cr"]
    assert shell.run("vtoken create -nonsense=cr\t") == ["create", "-nonsense=cr"]
    assert shell.run("vtoken create -ttl=1\t") == ["create", "-ttl=1"]
    assert "rror" not in shell.text and "not found" not in shell.text
