#!/usr/bin/env python3
"""Measures every promise about speed and prints a table of ratios. Called by scripts/bench.

Processes are timed by hyperfine, the library by Google Benchmark (vtoken_bench), memory by GNU time. Nothing here fails
because a number is bad: the table says "ok" or "not ok".
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import clients
import creating
import figures
import scanning
import servers
import sweeps

REPEATED = ("--benchmark_repetitions=7", "--benchmark_min_time=0.3", "--benchmark_enable_random_interleaving=true")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vtoken", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--bao", type=pathlib.Path, required=True)
    parser.add_argument("--python", type=pathlib.Path, help="one that has hvac; without it, clients are not compared")
    parser.add_argument("--folder", help="where the stores are made; a temporary folder beside the build otherwise")
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--tree", type=int, default=100_000)
    parser.add_argument("--accessors", type=int, default=20_000, help="tokens of the server that sweeps look at")
    parser.add_argument("--connections", type=int, default=32, help="of a sweep and of wrk")
    parser.add_argument("--log-mib", type=int, default=1024, help="of the files that are scanned")
    parser.add_argument("--tokens", type=int, default=5_000, help="made, and looked at, by each client")
    parser.add_argument("--only", choices=["processes", "library", "sweeps", "scan", "creating", "clients"])
    parser.add_argument("--readme", action="store_true", help="put the clients' figures into README.md")
    return parser.parse_args()


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.rows = options, pathlib.Path(folder), []
        self.figures = {}
        self.vtoken = str(options.vtoken.resolve())
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.store = {"VTOKEN_STORE": str(self.folder / "process.db")}

    def row(self, what, measured, limit, holds, detail):
        self.rows.append((what, measured, limit, ("ok" if holds else "not ok") if limit else "", detail))

    def at_most(self, what, value, limit, detail, unit=""):
        self.row(what, f"{value:.3g}{unit}", f"<= {limit:g}{unit}", value <= limit, detail)

    def at_least(self, what, value, limit, detail):
        self.row(what, f"{value:,.2f}" if value < 1000 else f"{value:,.0f}", f">= {limit:,g}", value >= limit, detail)

    def hyperfine(self, commands, runs, environment):
        """Median seconds of each command."""
        report = self.folder / "hyperfine.json"
        subprocess.run(["hyperfine", "-N", "--warmup=10", f"--runs={runs}", "--style=none", f"--export-json={report}",
                        *commands], env={**self.environment, **environment}, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        return [r["median"] for r in json.loads(report.read_text())["results"]]

    def peak(self, command, environment, statuses=(0,)):
        """Peak resident memory of a command, in MiB."""
        report = self.folder / "time.txt"
        done = subprocess.run(["/usr/bin/time", "-f%M", "-o", str(report), *command], env={**self.environment, **environment},
                              check=False, stdout=subprocess.DEVNULL)
        if done.returncode not in statuses:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}")
        return int(report.read_text().split()[-1]) / 1024

    def processes(self):
        store = self.store
        call = {"env": {**self.environment, **store}, "check": True, "capture_output": True, "text": True}
        subprocess.run([self.vtoken, "store", "init"], **call)
        made = subprocess.run([self.vtoken, "create", "-format=json"], **call).stdout
        token = json.loads(made)["auth"]["client_token"]
        inspect, curl = self.hyperfine([f"{self.vtoken} inspect {token}", "curl --version"], 300, {})
        self.at_most("inspect / curl --version", inspect / curl, 0.35,
                     f"{inspect * 1000:.2f} ms, {curl * 1000:.2f} ms")
        (asking,) = self.hyperfine([f"{self.vtoken} inspect {token}"], 300, store)
        self.row("... with its store at hand, which is asked", f"{asking / curl:.3g}", "", True,
                 f"{asking * 1000:.2f} ms")
        self.at_most("peak memory of inspect", self.peak([self.vtoken, "inspect", token], store), 10,
                     "resident, with its store", " MiB")
        servers.measure(self)

    def google(self, only, *flags):
        """Medians (or the one run) of the benchmarks whose name fits `only`, by name without "/real_time"."""
        command = [str(self.options.bench), f"--folder={self.folder}", f"--many={self.options.many}",
                   f"--tree={self.options.tree}", f"--benchmark_filter={only}", "--benchmark_format=json", *flags]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        return {b["run_name"].replace("/real_time", "").replace("/iterations:1", "").replace("/manual_time", ""): b
                for b in json.loads(out)["benchmarks"] if b.get("aggregate_name", "median") == "median"}

    def policies(self):
        times = {name: b["cpu_time"] / 1000 for name, b in self.google("ask/|build/|parse", *REPEATED).items()}
        for kind, what in (("plain", "exact paths and prefixes"), ("segments", "every second with a +"),
                           ("first_segment", "every one with a + in front")):
            self.at_most(f"asking 10 policies of 50 rules, {what}", times[f"ask/{kind}"], 50,
                         f"put together in {times[f'build/{kind}']:.0f} us", " us")
        self.row("parsing a policy of 50 rules", f"{times['parse']:.0f} us", "", True, "with HCL, once for each version")

    def tokens(self):
        times = {name.split("/")[1]: b["cpu_time"] for name, b in self.google("^decode/", *REPEATED).items()}
        for kind, what in (("ssc_with_index", "SSC, with an index and a namespace"), ("ssc", "SSC"), ("batch", "batch")):
            self.at_least(f"tokens decoded a second a core, {what}", 1e9 / times[kind], 2_000_000,
                          f"{times[kind]:.0f} ns each")

    def library(self):
        rates = self.google("bare_commit|create/", *REPEATED)
        rate = {name: b["items_per_second"] for name, b in rates.items()}
        bare, service, batch = rate["bare_commit"], rate["create/service"], rate["create/batch"]
        self.at_least("durable service creates / bare SQLite commits", service / bare, 0.4,
                      f"{service:,.0f} /s, {bare:,.0f} /s of {rates['bare_commit']['row']:.0f}-byte rows")
        self.at_least("batch creates / service creates", batch / service, 10, f"{batch:,.0f} /s")
        busy = rates["create/batch"]
        self.at_least("batch creates a second a core", 1e9 / busy["cpu_time"], 100_000,
                      f"{busy['cpu_time'] / 1000:.1f} us each")
        scale = self.google("lookup|create_among", *REPEATED)
        for name, what in (("lookup", "lookup"), ("create_among", "create")):
            few, many = scale[f"{name}/0"]["real_time"], scale[f"{name}/1"]["real_time"]
            busy = scale[f"{name}/1"]["cpu_time"] / scale[f"{name}/0"]["cpu_time"]
            self.at_most(f"{what} among {self.options.many:,} / among 1,000", many / few, 2,
                         f"{many / 1000:.1f} us, {few / 1000:.1f} us; {busy:.2f} in processor time")
        self.policies()
        tree = self.google("revoke_tree")["revoke_tree"]["real_time"]
        self.at_most(f"revoking a tree of {self.options.tree:,}", tree, 5, "one transaction", " s")
        many = {"VTOKEN_STORE": str(self.folder / "many.db")}
        listing = [self.vtoken, "accessors", "list", "-format=json"]
        self.at_most(f"peak memory of listing {self.options.many:,} accessors", self.peak(listing, many), 64,
                     "resident", " MiB")

    def sweeps(self):
        sweeps.measure(self)

    def scans(self):
        scanning.measure(self)
        self.tokens()

    def creating(self):
        creating.measure(self)

    def clients(self):
        if self.options.python:
            clients.measure(self)
        if self.options.readme and self.figures:
            figures.write(self.figures, self.options)

    def table(self):
        rows = [("what", "measured", "limit", "", "from"), *self.rows]
        width = [max(len(r[i]) for r in rows) for i in range(5)]
        for row in rows:
            print("  ".join(cell.ljust(width[i]) for i, cell in enumerate(row)).rstrip())


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(dir=options.folder or options.vtoken.resolve().parent) as folder:
        bench = Bench(options, folder)
        for name, part in (("processes", bench.processes), ("library", bench.library), ("sweeps", bench.sweeps),
                           ("scan", bench.scans), ("creating", bench.creating), ("clients", bench.clients)):
            if options.only in (None, name):
                part()
        bench.table()
    return 0


if __name__ == "__main__":
    sys.exit(main())
