#!/usr/bin/env python3
"""Times `cudacompat scan` against readelf and cuobjdump on the same hot files, in one run, alternating.

usage: scan_bench.py --program build/release/cudacompat [--cuobjdump PATH] [--cold] FILE...

Wall and CPU time are medians of whole processes; memory is the peak. Trust ratios, not the times of a busy machine.
With --cold every round drops the file from the page cache first (needs no privilege).
"""
import argparse
import os
import shutil
import statistics
import sys
import time

ROUNDS = 15


def once(command):
    """(wall ms, cpu ms, peak MB) of one process; its output goes nowhere."""
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ,
                           file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                                         (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    _, _, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024


def drop(path):
    fd = os.open(path, os.O_RDONLY)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)


def sequential(path):
    """Reading the whole file in order, for the cold comparison."""
    start = time.perf_counter()
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass
    return (time.perf_counter() - start) * 1e3


def measure(commands, rounds, before=None):
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            if before:
                before()
            runs[name].append(once(command))
    return {name: tuple(statistics.median(column) for column in zip(*values)) for name, values in runs.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--cuobjdump")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    readelf = shutil.which("readelf")
    print(f"{'file':34} {'what':12} {'wall ms':>9} {'cpu ms':>9} {'peak MB':>8} {'wall/scan':>10} {'cpu/scan':>9}")
    for path in arguments.files:
        commands = {"scan": [arguments.program, "scan", "--list", path],
                    "scan --deep": [arguments.program, "scan", "--list", "--deep", path]}
        if readelf:
            commands["readelf -S"] = [readelf, "-SW", path]
        results = measure(commands, arguments.rounds)
        if arguments.cuobjdump:
            results.update(measure({"cuobjdump": [arguments.cuobjdump, "-lelf", "-lptx", path]}, 3))
        if arguments.cold:
            results.update(measure({"scan, cold": commands["scan"]}, 5, lambda: drop(path)))
            drop(path)
            results["read, cold"] = (sequential(path), 0, 0)
        base = results["scan"]
        for name, (wall, cpu, peak) in results.items():
            print(f"{os.path.basename(path):34} {name:12} {wall:9.2f} {cpu:9.2f} {peak:8.1f} {wall / base[0]:10.2f} "
                  f"{cpu / max(base[1], 0.001):9.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
