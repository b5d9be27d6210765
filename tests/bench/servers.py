"""Whole commands against a server: this one, curl and the real command, in turn."""
import contextlib
import os
import socket
import statistics
import subprocess
import time
import urllib.request


@contextlib.contextmanager
def dev_server(bao, environment):
    """The address of a real OpenBao server in memory whose root token is "root"."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen([bao, "server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token",
                               f"-dev-listen-address={address}"], env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://{address}/v1/sys/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait()


def run(command, environment, statuses=(0,)):
    """Seconds of one run, on the clock and of processor time; it has to end with one of these exit statuses."""
    silence = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, environment, file_actions=silence)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in statuses:
        raise RuntimeError(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, used.ru_utime + used.ru_stime


def in_turn(commands, environment, rounds, statuses=(0,)):
    """Median seconds of each command, one run of each a round, so that noise meets all alike."""
    return [seconds for seconds, _ in in_turn_both(commands, environment, rounds, statuses)]


def in_turn_both(commands, environment, rounds, statuses=(0,)):
    """The same, each with the median of its processor time."""
    for command in commands:
        run(command, environment, statuses)
    runs = [[] for _ in commands]
    for _ in range(rounds):
        for command, measured in zip(commands, runs):
            measured.append(run(command, environment, statuses))
    return [tuple(map(statistics.median, zip(*measured))) for measured in runs]


def measure(bench):
    """Rows about a server on this machine."""
    with dev_server(bench.options.bao, bench.environment) as address:
        environment = {**bench.environment, "VAULT_ADDR": address, "VAULT_TOKEN": "root"}
        curl = ["curl", "-s", "-H", "X-Vault-Token: root", f"{address}/v1/auth/token/lookup-self"]
        lookup, plain = in_turn([[bench.vtoken, "lookup"], curl], environment, 400)
        bench.at_most("lookup on a server / curl", lookup / plain, 1.1, f"{lookup * 1000:.2f} ms, {plain * 1000:.2f} ms")
        ours, theirs = (bench.peak(command, environment) for command in ([bench.vtoken, "lookup"], curl))
        bench.at_most("... memory beyond curl's", ours - theirs, 4, f"resident, {ours:.1f} MiB, {theirs:.1f} MiB", " MiB")
        lookup, real = in_turn([[bench.vtoken, "lookup"], [bench.options.bao, "token", "lookup"]], environment, 40)
        bench.at_most("lookup on a server / bao token lookup", lookup / real, 0.2,
                      f"{lookup * 1000:.2f} ms, {real * 1000:.1f} ms")
        (create,) = bench.hyperfine([f"{bench.vtoken} create -ttl=1h"], 100, bench.store)
        (real,) = in_turn([[bench.options.bao, "token", "create", "-ttl=1h"]], environment, 30)
        bench.at_most("create in a store / bao token create", create / real, 0.1,
                      f"{create * 1000:.1f} ms, {real * 1000:.1f} ms")
