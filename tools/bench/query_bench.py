#!/usr/bin/env python3
"""Times questions as whole processes, in turn with /bin/true, and prints medians and their ratio. usage: query_bench.py EXECUTABLE"""
import os
import resource
import statistics
import subprocess
import sys
import time

RUNS = 30
QUESTIONS = [
    ("closed", ["query", "--gpu", "MX450", "--torch", "cu124"], 4),
    ("open card", ["query", "--gpu", "MX250"], 12),
    ("two cards", ["query", "--gpu", "V100", "--gpu", "RTX 5090", "--torch", ">=2.0"], 12),
    ("explain 209", ["explain", "209"], 4),
]
# Whole processes with a budget in milliseconds: no NVIDIA card here, or the time of the vendor's libraries comes on top.
MACHINE = [
    ("device", ["device", "--json"], 30),
    ("doctor", ["doctor", "--no-launch"], 30),
    ("query here", ["query", "--here", "--torch", "2.6.0"], 30),
    ("explain line", ["explain", "RuntimeError: CUDA error: no kernel image is available for execution on the device"], 4),
]


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main():
    executable = sys.argv[1]
    print(f"{'question':12} {'ms':>7} {'true ms':>8} {'ratio':>6} {'budget':>7}")
    for name, arguments, budget in QUESTIONS:
        ours, base = [], []
        for _ in range(RUNS):
            ours.append(timed([executable, *arguments]))
            base.append(timed(["/bin/true"]))
        a, b = statistics.median(ours), statistics.median(base)
        print(f"{name:12} {a * 1000:7.2f} {b * 1000:8.2f} {a / b:6.1f} {'<= ' + str(budget):>7}")
    print(f"\n{'this machine':12} {'ms':>7} {'fastest':>8} {'budget':>7}")
    for name, arguments, budget in MACHINE:
        ours = [timed([executable, *arguments]) for _ in range(RUNS)]
        print(f"{name:12} {statistics.median(ours) * 1000:7.2f} {min(ours) * 1000:8.2f} {'<= ' + str(budget):>7}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"peak memory {peak / 1024:.1f} MiB (budget 20), executable {os.path.getsize(executable) / 1e6:.1f} MB (budget 15)")


if __name__ == "__main__":
    main()
