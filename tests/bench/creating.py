"""Many tokens made by one command: in a store, and on a server against wrk."""
import json
import os
import re
import statistics
import subprocess
import time

import servers

ROUNDS = 5
IN_STORE = 100_000
ON_SERVER = 5_000
WRK_SECONDS = 2
CONNECTIONS = (8, 32, 128)  # of wrk, whose best counts
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "creations.lua")

FLAGS = ["-policy=default", "-ttl=1h"]
BODY = {"policies": ["default"], "ttl": "1h0m0s"}


def made(bench, environment, count, *words):
    """Tokens a second of a whole command that writes to a file."""
    path = bench.folder / "made"
    start = time.perf_counter()
    with open(path, "w") as out:
        subprocess.run([bench.vtoken, "create", f"-count={count}", *FLAGS, *words], env=environment, stdout=out, check=True)
    seconds = time.perf_counter() - start
    with open(path) as lines:
        tokens = {line.split()[-1] for line in list(lines)[2:]}  # behind the header
    if len(tokens) != count:
        raise RuntimeError(f"create {words}: {len(tokens)} tokens of {count}")
    path.unlink()
    return count / seconds


def in_store(bench):
    environment = {**bench.environment, "VTOKEN_STORE": str(bench.folder / "creating.db")}
    subprocess.run([bench.vtoken, "store", "init"], env=environment, check=True, capture_output=True)
    rates = {kind: [] for kind in ("batch", "service")}
    for _ in range(ROUNDS):
        for kind, each in rates.items():
            each.append(made(bench, environment, IN_STORE, f"-type={kind}"))
    rate = {kind: statistics.median(each) for kind, each in rates.items()}
    bench.at_least(f"create -count={IN_STORE:,} -type=batch in a store, tokens a second", rate["batch"], 50_000,
                   "to a file, with its start")
    bench.row("... service tokens, in one transaction", f"{rate['service']:,.0f}", "", True, "on the disk")
    peak = bench.peak([bench.vtoken, "create", f"-count={IN_STORE}", *FLAGS], environment)
    bench.at_most("... memory at most", peak, 32, "resident, service tokens", " MiB")


def wrk(address, environment, body, connections):
    """Requests a second of one thread that does nothing else."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{WRK_SECONDS}s", "-s", SCRIPT, address],
                         env={**environment, "VTOKEN_CREATION": json.dumps(body)}, check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"wrk was not answered: {out}")
    return float(re.search(r"Requests/sec:\s*([0-9.]+)", out).group(1))


def on_server(bench, kind):
    """On a server of its own: more tokens make a server slower."""
    with servers.dev_server(bench.options.bao, bench.environment) as address:
        environment = {**bench.environment, "VAULT_ADDR": address, "VAULT_TOKEN": "root"}
        body = {**BODY, "type": kind}
        wrk(address, environment, body, CONNECTIONS[0])  # warms the server
        ours, theirs = [], {connections: [] for connections in CONNECTIONS}
        for _ in range(ROUNDS):
            # In turn, so that noise meets all alike.
            for connections, rates in theirs.items():
                rates.append(wrk(address, environment, body, connections))
            ours.append(made(bench, environment, ON_SERVER, f"-type={kind}"))
    rate = statistics.median(ours)
    best, connections = max((statistics.median(rates), connections) for connections, rates in theirs.items())
    bench.at_least(f"create -count={ON_SERVER:,} -type={kind} on a server / wrk", rate / best, 0.7,
                   f"{rate:,.0f} /s with its start, {best:,.0f} /s with {connections} connections")


def measure(bench):
    in_store(bench)
    for kind in ("service", "batch"):
        on_server(bench, kind)
