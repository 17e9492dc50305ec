#!/usr/bin/env python3
"""Times `cudacompat scan` on real files as ratios in one run: against readelf -S, cuobjdump, inflating, reading cold blocks.

usage: scan_bench.py [--program PATH] [--wheels FOLDER] [--rounds N] [PATH...]

Without PATH: libraries of the CUDA Toolkit where there is one, and the libraries and wheels that `tools/dev test --oracle` has
fetched into the build folder, and site-packages with torch in it. What is not there is counted as skipped. Times are the smallest of the rounds; cpu is user and
system time of whole processes. A busy machine disturbs the ratios little and the times much.
"""
import argparse
import ctypes
import mmap
import os
import shutil
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

PAGE = 4096
LARGE = 50e6  # below it the start of a process is most of the time
TOOLKIT_LIBRARIES = ["libcublasLt", "libcublas", "libcudnn_engines_precompiled", "libcufft", "libnccl", "libcusparse"]


# A process inherits the peak memory of the one that starts it, so a small one starts it.
MEASURE = """import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
                       file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
_, _, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
print(wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024)"""


def once(command):
    """(wall ms, cpu ms, peak MB or the 9 of what started it) of one process; its output goes nowhere."""
    result = subprocess.run([sys.executable, "-S", "-E", "-c", MEASURE, *command], capture_output=True, text=True, check=True)
    return tuple(float(word) for word in result.stdout.split())


def least(command, rounds, before=None):
    """The smallest times and the largest memory of some rounds."""
    runs = []
    for _ in range(rounds):
        if before:
            before()
        runs.append(once(command))
    return min(run[0] for run in runs), min(run[1] for run in runs), max(run[2] for run in runs)


def drop(path):
    """Takes a file out of the page cache; needs no privilege."""
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def resident(path):
    """Numbers of the file's pages that are in the page cache."""
    size = os.path.getsize(path)
    with open(path, "rb") as file, mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ | mmap.PROT_WRITE,
                                             flags=mmap.MAP_PRIVATE) as area:
        pages = (size + PAGE - 1) // PAGE
        marks = (ctypes.c_ubyte * pages)()
        here = ctypes.c_char.from_buffer(area)
        if ctypes.CDLL(None, use_errno=True).mincore(ctypes.c_void_p(ctypes.addressof(here)), ctypes.c_size_t(size), marks) != 0:
            raise OSError(ctypes.get_errno(), "mincore")
        del here
        return [i for i in range(pages) if marks[i] & 1]


def read_pages(path, pages):
    """ms to read these pages in order from the disk."""
    with open(path, "rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        start = time.perf_counter()
        at = 0
        while at < len(pages):
            end = at + 1
            while end < len(pages) and pages[end] == pages[end - 1] + 1 and end - at < 256:
                end += 1
            os.pread(file.fileno(), (end - at) * PAGE, pages[at] * PAGE)
            at = end
        return (time.perf_counter() - start) * 1e3


def inflate(path):
    """(cpu ms, bytes) of inflating, with zlib alone, the members that may hold device code, by their first bytes."""
    total, spent = 0, 0.0
    with zipfile.ZipFile(path) as archive, open(path, "rb") as file:
        for member in archive.infolist():
            if member.compress_type != zipfile.ZIP_DEFLATED:
                continue
            file.seek(member.header_offset)
            names = struct.unpack("<HH", file.read(30)[26:30])
            begin = member.header_offset + 30 + sum(names)
            file.seek(begin)
            first = zlib.decompressobj(-15).decompress(file.read(min(4096, member.compress_size)), 64)
            if not first.startswith((b"\x7fELF", b"MZ", b"!<arch>")):
                continue
            file.seek(begin)
            left, engine = member.compress_size, zlib.decompressobj(-15)
            start = time.process_time()
            while left > 0:
                chunk = file.read(min(left, 1 << 16))
                left -= len(chunk)
                total += len(engine.decompress(chunk))
            spent += time.process_time() - start
    return spent * 1e3, total


class Table:
    def __init__(self):
        print(f"{'file':44} {'MB':>7}  {'what':24} {'wall ms':>9} {'cpu ms':>9} {'peak MB':>8}  {'against':30} {'budget':>10}")

    def row(self, path, what, times, against="", budget=""):
        size = f"{os.path.getsize(path) / 1e6:7.1f}" if os.path.isfile(path) else " folder"
        wall, cpu, peak = times
        print(f"{os.path.basename(path.rstrip('/'))[-44:]:44} {size}  {what:24} {wall:9.2f} {cpu:9.2f} {peak:8.1f}  {against:30} {budget:>10}",
              flush=True)


def bench_library(table, arguments, path):
    with open(path, "rb") as file:
        elf = file.read(4) == b"\x7fELF"
        while file.read(1 << 20):
            pass  # hot
    size = os.path.getsize(path)
    scan = least([arguments.program, "scan", path], arguments.rounds)
    readelf = shutil.which("readelf")
    against = ""
    if readelf and elf:
        base = least([readelf, "-SW", path], arguments.rounds)
        against = f"{scan[1] / base[1]:.1f} x readelf -S ({base[1]:.2f})"
    table.row(path, "scan", scan, against, "<= 3 x")
    deep = least([arguments.program, "scan", "--deep", path], max(3, arguments.rounds // 3))
    table.row(path, "scan --deep", deep, f"{size / 1e6 / max(deep[1], 1e-3):.1f} GB/s", f"<= {60 * size / 500e6:.0f} ms" if size > 400e6 else "")
    if arguments.cuobjdump and elf:
        vendor = least([arguments.cuobjdump, "-lelf", "-lptx", "-all", path], 1)
        table.row(path, "cuobjdump -lelf -lptx", vendor, f"{vendor[1] / scan[1]:.0f} x scan", ">= 100 x" if size > LARGE else "")
    if size < LARGE:
        return
    drop(path)
    once([arguments.program, "scan", path])
    pages = resident(path)
    if len(pages) < 100:
        return  # nothing to prefetch: the start of a process is most of the time
    cold = least([arguments.program, "scan", path], 3, lambda: drop(path))
    reading = []
    for _ in range(3):
        drop(path)
        reading.append(read_pages(path, pages))
    table.row(path, "scan, cold", cold, f"{cold[0] / min(reading):.1f} x its {len(pages)} blocks in order", "<= 2 x")
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass


def bench_wheel(table, arguments, path):
    cpu, size = inflate(path)
    scan = least([arguments.program, "scan", path], 2)
    table.row(path, "scan", scan, f"{scan[1] / max(cpu, 1e-3):.2f} x inflating {size / 1e6:.0f} MB", "about 1 x")


def bench_folder(table, arguments, path):
    table.row(path, "scan, folder", least([arguments.program, "scan", path], arguments.rounds), "", "<= 100 ms")


def defaults(wheels):
    """Real files on this machine, and how many kinds of them are not here."""
    skipped = 0
    toolkit = Path(os.environ.get("CUDA_HOME", "/usr/local/cuda")) / "lib64"
    libraries = [toolkit / f"{name}.so" for name in TOOLKIT_LIBRARIES]
    here = [str(path.resolve()) for path in libraries if path.exists()]
    skipped += len(libraries) - len(here)
    fetched = sorted(str(path) for path in wheels.glob("*/*.whl")) if wheels.is_dir() else []
    unpacked = sorted(str(path) for path in wheels.glob("*/*/*") if path.suffix in (".so", ".dll")) if wheels.is_dir() else []
    skipped += (not fetched) + (not unpacked)
    sites = [path for path in sys.path if os.path.exists(os.path.join(path, "torch", "lib"))]
    return here + unpacked + fetched + sites[:1], skipped + (not sites)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default="build/release/cudacompat")
    parser.add_argument("--wheels", type=Path, default=Path("build/release/oracle"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()
    vendor = sorted(str(path) for path in arguments.wheels.glob("nvidia_cuda_cuobjdump*/**/cuobjdump"))
    arguments.cuobjdump = vendor[0] if vendor else shutil.which("cuobjdump")
    paths, skipped = (arguments.paths, 0) if arguments.paths else defaults(arguments.wheels)
    table = Table()
    for path in paths:
        if os.path.isdir(path):
            bench_folder(table, arguments, path)
        elif zipfile.is_zipfile(path):
            bench_wheel(table, arguments, path)
        else:
            bench_library(table, arguments, path)
    print(f"{len(paths)} files measured, {skipped} skipped (no CUDA Toolkit, no torch installed, or no wheels: tools/dev test --oracle fetches some)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
