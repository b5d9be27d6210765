"""Many lookups on a server: the finished commands against wrk, and against the loop of processes in the documents."""
import http.client
import json
import os
import re
import statistics
import subprocess
import time
import urllib.parse

import servers

ROUNDS = 5
WRK_SECONDS = 4
LOOPED = 20  # accessors that the documents' loop is given
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lookups.lua")

# The documents' loop, with its flags before the argument: after it the real command takes them for further arguments.
LOOP = 'for accessor in "$@"; do policies=$("$BAO" token lookup -format=json -accessor "$accessor"); done'


def make_tokens(address, count):
    """The accessors of so many new tokens, which no request of the measurement changes."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc)
    accessors = []
    for number in range(count):
        body = {"policies": ["sweep"], "ttl": "24h", "display_name": f"bench-{number % 10}"}
        connection.request("POST", "/v1/auth/token/create-orphan", json.dumps(body), {"X-Vault-Token": "root"})
        accessors.append(json.loads(connection.getresponse().read())["auth"]["accessor"])
    connection.close()
    return accessors


class Sweeps:
    def __init__(self, bench, address):
        self.bench, self.connections = bench, bench.options.connections
        self.accessors = make_tokens(address, bench.options.accessors)
        file = bench.folder / "accessors"
        file.write_text("".join(accessor + "\n" for accessor in self.accessors))
        self.environment = {**bench.environment, "VAULT_ADDR": address, "VAULT_TOKEN": "root",
                            "VTOKEN_ACCESSORS": str(file), "BAO": str(bench.options.bao)}
        self.asking = [str(bench.options.bench.with_name("vtoken_asking")), address, str(file), str(self.connections),
                       str(len(self.accessors))]

    def run(self, command):
        return subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout

    def wrk(self):
        """Lookups a second of one thread that does nothing else."""
        out = self.run(["wrk", "-t1", f"-c{self.connections}", f"-d{WRK_SECONDS}s", "-s", SCRIPT,
                        self.environment["VAULT_ADDR"]])
        if "Non-2xx" in out or "Socket errors" in out:
            raise RuntimeError(f"wrk was not answered: {out}")
        return float(re.search(r"Requests/sec:\s*([0-9.]+)", out).group(1))

    def library(self):
        """Lookups a second of Backend::submit, and microseconds of processor time for each."""
        measured = json.loads(self.run(self.asking))
        if measured["good"] != len(self.accessors):
            raise RuntimeError(f"not every lookup was answered: {measured}")
        return measured["rate"], measured["busy_us"]

    def command(self, *words):
        """Tokens a second of a whole command: its start and the list of accessors included."""
        start = time.perf_counter()
        lines = self.run([self.bench.vtoken, "accessors", *words, "-q", "-format=ndjson"]).count("\n")
        seconds = time.perf_counter() - start
        if lines < len(self.accessors):
            raise RuntimeError(f"accessors {words}: {lines} lines for {len(self.accessors)} tokens")
        return lines / seconds

    def loop(self):
        """Lookups a second of a shell that starts the real command for each."""
        some = self.accessors[:LOOPED]
        start = time.perf_counter()
        self.run(["sh", "-c", LOOP, "sh", *some])
        return len(some) / (time.perf_counter() - start)


def measure(bench):
    with servers.dev_server(bench.options.bao, bench.environment) as address:
        sweeps = Sweeps(bench, address)
        at_once = f"-concurrency={sweeps.connections}"
        commands = {
            f"accessors list -detailed {at_once}": ("list", "-detailed", at_once),
            f"accessors revoke -dry-run {at_once}": ("revoke", "-policy=sweep", "-dry-run", at_once),
            "accessors revoke -dry-run": ("revoke", "-policy=sweep", "-dry-run"),
        }
        sweeps.wrk()  # warms the server
        theirs, library, loops, ours = [], [], [], {name: [] for name in commands}
        for _ in range(ROUNDS):
            # In turn, so that noise meets all alike.
            theirs.append(sweeps.wrk())
            library.append(sweeps.library())
            for name, words in commands.items():
                ours[name].append(sweeps.command(*words))
            loops.append(sweeps.loop())
        wrk, loop = statistics.median(theirs), statistics.median(loops)
        rate, busy = (statistics.median(each) for each in zip(*library))
        bench.row(f"lookups by the library / wrk, {sweeps.connections} connections", f"{rate / wrk:.2f}", "", True,
                  f"{rate:,.0f} /s, {wrk:,.0f} /s; {busy:.0f} us of processor time each")
        for name, rates in ours.items():
            rate = statistics.median(rates)
            bench.at_least(f"tokens by {name} / wrk", rate / wrk, 0.8,
                           f"{rate:,.0f} /s with its start and the list of {len(sweeps.accessors):,}")
        slowest = min(statistics.median(rates) for rates in ours.values())
        bench.at_least("... the slowest of these / the documents' loop of bao", slowest / loop, 300, f"{loop:.1f} /s")
