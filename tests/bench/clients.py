"""What README.md's table says: this command, on a store and on a server, beside bao, hvac and curl.

Every client is measured in turn with the others, so that noise meets all alike.
"""
import json
import pathlib
import re
import statistics
import subprocess

import servers

ROUNDS = 30
ROUNDS_OF_MANY = 3
LOOPED = 20  # processes that a shell's loop starts, for a rate
IN_FLIGHT = 32

# In Python one process does it all, with one connection: what hvac's own documentation shows.
HVAC = """
import os, sys
import hvac
client = hvac.Client(url=os.environ["VAULT_ADDR"], token=os.environ["VAULT_TOKEN"])
token, what = client.auth.token, sys.argv[1]
if what == "lookup":
    print(token.lookup_self()["data"])
elif what == "create":
    for _ in range(int(sys.argv[2])):
        print(token.create(ttl="1h")["auth"]["client_token"])
elif what == "look":
    for accessor in open(sys.argv[2]):
        print(token.lookup_accessor(accessor.strip())["data"])
"""

LOOPS = {
    "create": f'for n in $(seq {LOOPED}); do "$BAO" token create -ttl=1h -field=token; done',
    "look": f'for accessor in $(head -n {LOOPED} "$ACCESSORS"); do'
            ' "$BAO" token lookup -format=json -accessor "$accessor"; done',
}
TOLD = {"create": rb"s\.\w", "look": rb"creation_time"}  # what each token leaves in the output


def size(*paths):
    """MB of files and folders."""
    files = [file for path in map(pathlib.Path, paths) for file in ([path] if path.is_file() else path.rglob("*.py*"))]
    return sum(file.stat().st_size for file in files) / 1e6


class Clients:
    """One command for each client and job; None where it has none."""

    def __init__(self, bench, address):
        self.bench, self.address, self.count = bench, address, bench.options.tokens
        self.accessors = bench.folder / "some-accessors"
        self.server = {**bench.environment, "VAULT_ADDR": address, "VAULT_TOKEN": "root", "BAO": str(bench.options.bao),
                       "ACCESSORS": str(self.accessors)}
        self.store = {**bench.environment, "VTOKEN_STORE": str(bench.folder / "clients.db")}
        subprocess.run([bench.vtoken, "store", "init"], env=self.store, check=True, stdout=subprocess.DEVNULL)
        self.python = [str(bench.options.python), "-c", HVAC]

    def curl(self, path, *more):
        return ["curl", "-s", "-f", "-H", "X-Vault-Token: root", *more, f"{self.address}/v1/auth/token/{path}"]

    def one(self, what):
        """{client: (command, environment)} of a job that is done once."""
        vtoken, bao = self.bench.vtoken, str(self.bench.options.bao)
        ours = {"start": [vtoken, "-version"], "lookup": [vtoken, "lookup"], "create": [vtoken, "create", "-ttl=1h"]}
        others = {
            "start": ([bao, "version"], [str(self.bench.options.python), "-c", "import hvac"], ["curl", "--version"]),
            "lookup": ([bao, "token", "lookup"], [*self.python, "lookup"], self.curl("lookup-self")),
            "create": ([bao, "token", "create", "-ttl=1h"], [*self.python, "create", "1"],
                       self.curl("create", "-d", '{"ttl":"1h"}')),
        }
        commands = dict(zip(("bao", "hvac", "curl"), others[what]))
        commands = {"server": ours[what], **commands}
        return {"store": (ours[what], self.store), **{name: (each, self.server) for name, each in commands.items()}}

    def many(self, what):
        """{client: (command, environment, how many)}, for a rate."""
        count, curl = self.count, ["curl", "-s", "-f", "-Z", "--parallel-max", str(IN_FLIGHT)]
        if what == "create":
            ours = [self.bench.vtoken, "create", "-q", "-ttl=1h", f"-count={count}", "-field=token"]
            hvac = [*self.python, "create", str(count)]
            curl += ["-H", "X-Vault-Token: root", "-d", '{"ttl":"1h"}', f"{self.address}/v1/auth/token/create?[1-{count}]"]
        else:
            ours = [self.bench.vtoken, "accessors", "list", "-q", "-detailed", "-format=ndjson"]
            hvac = [*self.python, "look", str(self.accessors)]
            curl += ["-K", self.requests()]
        loop = ["sh", "-c", LOOPS[what]]
        on_server = {"server": (ours, count), "bao": (loop, LOOPED), "hvac": (hvac, count), "curl": (curl, count)}
        commands = {name: (command, self.server, many) for name, (command, many) in on_server.items()}
        return {"store": (ours, self.store, count), **commands}

    @staticmethod
    def all_done(what, commands):
        """Whether each client did as many as it is measured by, or its rate means nothing."""
        for name, (command, environment, many) in commands.items():
            out = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            told = len(re.findall(TOLD[what], out))
            if told < many:
                raise RuntimeError(f"{name}, {what}: {told} of {many}")

    def requests(self):
        """A configuration of curl's that looks every accessor up."""
        path = self.bench.folder / "lookups.curl"
        url = f'url = "{self.address}/v1/auth/token/lookup-accessor"\nheader = "X-Vault-Token: root"\n'
        bodies = [json.dumps({"accessor": accessor}) for accessor in self.accessors.read_text().split()]
        path.write_text("next\n".join(f"{url}data = {json.dumps(body)}\n" for body in bodies))
        return str(path)

    def make_tokens(self):
        """As many in both, for looking at; their accessors, of the server."""
        for environment in (self.store, self.server):
            subprocess.run([self.bench.vtoken, "create", "-q", "-ttl=24h", f"-count={self.count}", "-field=token"],
                           env=environment, check=True, stdout=subprocess.DEVNULL)
        listed = subprocess.run([self.bench.vtoken, "accessors", "list", "-format=json"], env=self.server, check=True,
                                stdout=subprocess.PIPE).stdout
        self.accessors.write_text("".join(each + "\n" for each in json.loads(listed)[: self.count]))

    def medians(self, commands, rounds):
        """{client: median seconds}, in turn."""
        runs = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, (command, environment, *_) in commands.items():
                seconds, _ = servers.run(command, environment)
                if number > 0:  # the first warms
                    runs[name].append(seconds)
        return {name: statistics.median(each) for name, each in runs.items()}


def packages(python):
    """The folders of hvac and what it needs, beside Python itself."""
    code = "import hvac, requests, urllib3, idna, certifi, charset_normalizer as c\n" \
           "print(*[m.__path__[0] for m in (hvac, requests, urllib3, idna, certifi, c)], sep='\\n')"
    return subprocess.run([str(python), "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def shown_time(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def shown_rate(rate):
    """In two digits: more are noise."""
    return f"{float(format(rate, '.2g')):,.0f}"


def measure(bench):
    """Fills bench.figures: {row: {client: text}}."""
    figures = bench.figures = {}
    with servers.dev_server(bench.options.bao, bench.environment) as address:
        clients = Clients(bench, address)
        for what, row in (("start", "start"), ("lookup", "look a token up"), ("create", "make a token")):
            times = clients.medians(clients.one(what), ROUNDS)
            figures[row] = {name: shown_time(seconds) for name, seconds in times.items()}
        clients.make_tokens()
        for what, row in (("look", "tokens looked at, a second"), ("create", "tokens made, a second")):
            commands = clients.many(what)
            clients.all_done(what, commands)
            times = clients.medians(commands, ROUNDS_OF_MANY)
            figures[row] = {name: shown_rate(commands[name][2] / seconds) for name, seconds in times.items()}
        looks = clients.one("lookup").items()
        figures["memory of a lookup"] = {name: f"{bench.peak(*look):.0f} MiB" for name, look in looks}
    ours, theirs = f"{size(bench.vtoken):.0f} MB", f"{size(bench.options.bao):.0f} MB"
    figures["size of the program"] = {"store": ours, "server": ours, "bao": theirs,
                                      "hvac": f"{size(*packages(bench.options.python)):.0f} MB, and Python"}
    for row, cells in figures.items():
        bench.row(f"{row}: vtoken on a store", cells["store"], "", True,
                  ", ".join(f"{name} {text}" for name, text in cells.items() if name != "store"))
