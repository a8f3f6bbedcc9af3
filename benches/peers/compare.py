"""Runs all workers in turn on one core, checks what they make, prints the table and writes it as JSON.

compare.py [--smoke] OUT RESULTS, with OUT as the script `run` fills it.
"""

import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys

from check import check_link, check_pkpass
from peers import PEERS, machine, runtimes

CHECKS = {"pkpass": check_pkpass, "save-link": check_link}


class Worker:
    """A process that waits on its standard input until it is its turn."""

    def __init__(self, peer, out, core):
        command = ["taskset", "--cpu-list", str(core), *peer.command(out)]
        self.peer, self.bare, self.issued, self.shares = peer, [], [], []
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise ChildProcessError(f"{self.peer.name}: the worker ended at {line!r}")
        return answer.strip()

    def measure(self, what, seconds):
        count, elapsed = self.ask(f"measure {what} {seconds}").split()
        return int(count), float(elapsed)

    def take_turn(self, slices, bare_seconds, issue_seconds):
        """One round: bare signatures and products in turn, so that both see the same moods of the machine."""
        bare, issued = [0, 0.0], [0, 0.0]
        for _ in range(slices):
            for total, what, seconds in ((bare, "bare", bare_seconds), (issued, "issue", issue_seconds)):
                count, elapsed = self.measure(what, seconds)
                total[0] += count
                total[1] += elapsed
        bare_rate, rate = bare[0] / bare[1], issued[0] / issued[1]
        self.bare.append(bare_rate)
        self.issued.append(rate)
        self.shares.append(rate / bare_rate)

    def check(self, out, number):
        sample = out / "samples" / f"{number}-{self.peer.script}"
        self.ask(f"sample {sample}")
        try:
            return CHECKS[self.peer.what](out / "fixture", sample)
        except Exception as error:
            raise SystemExit(f"{self.peer.name} ({self.peer.what}): {error}") from error

    def row(self, runtimes):
        return {
            "what": self.peer.what,
            "name": self.peer.name,
            "version": self.peer.version,
            "language": runtimes[self.peer.language],
            "use": self.peer.use,
            "per_second": round(statistics.median(self.issued), 1),
            "bare_per_second": round(statistics.median(self.bare), 1),
            "bare_by": self.peer.bare_by,
            "share": round(statistics.median(self.shares), 3),
        }


def main(arguments):
    smoke = arguments[:1] == ["--smoke"]
    out, results = map(pathlib.Path, arguments[-2:])
    rounds, warm_up, turn = (1, 0.05, (1, 0.05, 0.15)) if smoke else (7, 1.0, (4, 0.2, 0.5))
    core = max(os.sched_getaffinity(0))

    workers = []
    try:
        workers.extend(Worker(peer, out, core) for peer in PEERS)
        for number, worker in enumerate(workers):
            for what in ("bare", "issue"):
                worker.measure(what, warm_up)
            absent = worker.check(out, number)
            note = f"; its pass.json has no {', '.join(absent)}" if absent else ""
            print(f"{worker.peer.what} of {worker.peer.name}: verified{note}", flush=True)
        for number in range(rounds):
            for worker in workers:
                worker.take_turn(*turn)
            print(f"round {number + 1} of {rounds}", flush=True)
    finally:
        for worker in workers:
            worker.process.stdin.close()
            worker.process.wait()

    names = runtimes()
    rows = with_times([worker.row(names) for worker in workers])
    print_table(rows)
    date = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    results.write_text(json.dumps({"date": date, "machine": machine(), "rows": rows}, indent=2) + "\n")
    print(f"\nWritten to {results}." + (" A smoke run: no figure in it means anything." if smoke else ""))


def with_times(rows):
    """Adds to each row how many times as fast walletpass is."""
    ours = {row["what"]: row["per_second"] for row in rows if row["name"] == "walletpass"}
    return [row | {"times": round(ours[row["what"]] / row["per_second"], 2)} for row in rows]


def print_table(rows):
    for what in CHECKS:
        print(f"\n{what:40}{'a second':>10}{'bare':>10}  {'by':12}{'share':>6}{'walletpass is':>16}")
        for row in sorted((row for row in rows if row["what"] == what), key=lambda row: -row["per_second"]):
            named = f"{row['name']} {row['version']} ({row['language'].split(',')[0].split()[0]})"
            figures = f"{row['per_second']:10.1f}{row['bare_per_second']:10.1f}  {row['bare_by']:12}{row['share']:6.3f}"
            print(f"{named:40}{figures}{row['times']:10.2f} times")


if __name__ == "__main__":
    main(sys.argv[1:])
