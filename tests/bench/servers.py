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


def run(command, environment):
    """Seconds and peak resident MiB of one run, which has to succeed."""
    silence = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, environment, file_actions=silence)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise RuntimeError(f"{command[0]} ended with {status}")
    return seconds, usage.ru_maxrss / 1024


def in_turn(commands, environment, rounds):
    """Median seconds and MiB of each command, one run of each a round, so that noise meets all alike."""
    for command in commands:
        run(command, environment)
    runs = [[] for _ in commands]
    for _ in range(rounds):
        for command, measured in zip(commands, runs):
            measured.append(run(command, environment))
    return [tuple(statistics.median(column) for column in zip(*measured)) for measured in runs]


def measure(bench):
    """Rows about a server on this machine."""
    with dev_server(bench.options.bao, bench.environment) as address:
        environment = {**bench.environment, "VAULT_ADDR": address, "VAULT_TOKEN": "root"}
        curl = ["curl", "-s", "-H", "X-Vault-Token: root", f"{address}/v1/auth/token/lookup-self"]
        lookup, plain = in_turn([[bench.vtoken, "lookup"], curl], environment, 400)
        bench.at_most("lookup on a server / curl", lookup[0] / plain[0], 1.1,
                      f"{lookup[0] * 1000:.2f} ms, {plain[0] * 1000:.2f} ms")
        bench.at_most("... memory beyond curl's", lookup[1] - plain[1], 4,
                      f"resident, {lookup[1]:.1f} MiB, {plain[1]:.1f} MiB", " MiB")
        again, real = in_turn([[bench.vtoken, "lookup"], [bench.options.bao, "token", "lookup"]], environment, 40)
        bench.at_most("lookup on a server / bao token lookup", again[0] / real[0], 0.2,
                      f"{again[0] * 1000:.2f} ms, {real[0] * 1000:.1f} ms")
        made = [bench.options.bao, "token", "create", "-ttl=1h"]
        (create,) = bench.hyperfine([f"{bench.vtoken} create -ttl=1h"], 100, bench.store)
        ((real, _),) = in_turn([made], environment, 30)
        bench.at_most("create in a store / bao token create", create / real, 0.1,
                      f"{create * 1000:.1f} ms, {real * 1000:.1f} ms")
