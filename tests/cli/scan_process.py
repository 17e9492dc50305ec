#!/usr/bin/env python3
"""What only a process of its own shows of `scan`: signals, closed pipes, memory, hostile files. usage: scan_process.py EXECUTABLE"""
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

PEAK = 20 * 1024  # kB


def container(count, payload):
    """A fat binary container of `count` cubins for sm_80."""
    entry = struct.pack("<HHIQIIHHIIIQQQ", 2, 0x101, 64, len(payload), 0, 0, 7, 1, 80, 0, 0, 0x11, 0, 0) + payload
    body = entry * count
    return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body


def elf(sections):
    """The smallest ELF shared object with these named sections; a section may also be (name, size) and lie nowhere."""
    names, rows, body = b"\0", [(0, 0, 0, 0)], b""
    for name, data in sections:
        rows.append((len(names), 1, 64 + len(body), len(data)))
        names += name.encode() + b"\0"
        body += data + b"\0" * (-len(data) % 8)
    rows.append((len(names), 3, 64 + len(body), len(names) + 11))
    names += b".shstrtab\0\0"
    body += names + b"\0" * (-len(names) % 8)
    table = b"".join(struct.pack("<IIQQQQIIQQ", name, kind, 2, 0, offset, size, 0, 0, 8, 0) for name, kind, offset, size in rows)
    return b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64,
                                                     len(rows), len(rows) - 1) + body + table


# A process inherits the peak of the one that starts it, until it has a larger one: a small one starts it.
MEASURE = """import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
os.write(3, str(usage.ru_maxrss).encode())
sys.exit(os.waitstatus_to_exitcode(status))"""


def run(arguments):
    """(exit code, stdout, stderr, peak kB or the 10 MB of what started it, seconds)"""
    start = time.monotonic()
    reader, writer = os.pipe()
    process = subprocess.Popen(["/bin/sh", "-c", f'exec "$@" 3>&{writer} {writer}>&-', "sh", sys.executable, "-S", "-E", "-c", MEASURE, *arguments],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[writer])
    os.close(writer)
    out, err = process.communicate(timeout=120)
    with os.fdopen(reader) as file:
        peak = int(file.read() or 0)
    return process.returncode, out, err, peak, time.monotonic() - start


class Tests:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def test_interrupted_extraction_leaves_no_partial_file(self):
        path = self.file("big.so", elf([(".nv_fatbin", container(3000, os.urandom(40000)))]))
        for number in (signal.SIGINT, signal.SIGTERM):
            out = self.folder / f"out{number}"
            process = subprocess.Popen([self.program, "scan", "--extract", str(out), path], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and (not out.is_dir() or len(os.listdir(out)) < 21):  # one of them may not be complete
                time.sleep(0.001)
            process.send_signal(number)
            assert process.wait(20) == -number, process.returncode
            names = os.listdir(out)
            assert 20 <= len(names) < 3000, len(names)
            assert all(name.endswith(".sm_80.cubin") for name in names), names
            assert all((out / name).stat().st_size == 40000 for name in names)

    def test_the_policy_of_the_current_folder(self):
        place = self.folder / "repository"
        place.mkdir()
        (place / "k.so").write_bytes(elf([(".nv_fatbin", container(1, b"c" * 64))]))
        (place / "cudacompat.toml").write_text('[check]\nrequire = ["sm_80", "sm_90"]\n')

        def check(*flags):
            return subprocess.run([self.program, "check", "k.so", *flags], cwd=place, capture_output=True, text=True, timeout=20)

        assert check().returncode == 1 and "sm_90" in check().stdout, check()
        assert check("--require", "sm_80").returncode == 0
        (place / "cudacompat.toml").write_text("[check]\nrequired = 1\n")
        assert check().returncode == 65 and "cudacompat.toml:2:" in check().stderr, check()

    def test_a_closed_pipe_ends_it_silently(self):
        path = self.file("many.so", elf([(".nv_fatbin", container(20000, b"c" * 64))]))
        process = subprocess.Popen([self.program, "scan", "--json", "--list", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.read(100)
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(20) == -signal.SIGPIPE and err == b"", (process.returncode, err)

    def test_a_full_disk_is_told(self):
        if not os.path.exists("/dev/full"):
            return
        path = self.file("k.so", elf([(".nv_fatbin", container(3, b"c" * 64))]))
        with open("/dev/full", "wb") as full:
            process = subprocess.run([self.program, "scan", "--list", path], stdout=full, stderr=subprocess.PIPE, timeout=20)
        assert process.returncode == 70 and b"standard output" in process.stderr, process

    def test_memory_does_not_grow_with_the_file(self):
        """A sparse file of 3 GB, half of it one container; a wheel of it; a bomb."""
        payload = 1500 << 20
        path = self.folder / "sparse.so"
        head = elf([(".nv_fatbin", b"")])
        entry = struct.pack("<HHIQIIHHIIIQQQ", 2, 0x101, 64, payload, 0, 0, 7, 1, 80, 0, 0, 0x11, 0, 0)
        whole = struct.pack("<IHHQ", 0xBA55ED50, 1, 16, 64 + payload) + entry
        with open(path, "wb") as file:
            file.truncate(3 << 30)
            file.seek(1 << 20)
            file.write(whole)
            sections = struct.pack("<IIQQQQIIQQ", 1, 1, 2, 0, 1 << 20, len(whole) + payload, 0, 0, 8, 0)
            names = b"\0.nv_fatbin\0"
            file.seek(2 << 30)
            file.write(names)
            file.seek((2 << 30) + 4096)
            file.write(bytes(64) + sections + struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 2 << 30, len(names), 0, 0, 1, 0))
            file.seek(0)
            file.write(head[:40] + struct.pack("<Q", (2 << 30) + 4096) + head[48:60] + struct.pack("<HH", 3, 2))
        code, out, _, peak, _ = run([self.program, "scan", "--list", str(path)])
        assert code == 0 and out == b"1\tcubin\tsm_80\tnone\t.nv_fatbin\n", out
        assert peak < PEAK, peak

    def test_memory_of_thousands_of_files(self):
        """2,000 libraries of 100 modules each. How much of the executable itself counts depends on the page cache (9 to 14 MB): what
        one library takes is taken off."""
        place = self.folder / "many"
        place.mkdir()
        library = elf([(".nv_fatbin", container(1, b"c" * 64) * 100)])
        for i in range(2000):
            (place / f"m{i:04}.so").write_bytes(library)
        at_most = {"scan": 2, "check": 10}  # MB
        for arguments in (["scan"], ["scan", "--json"], ["check", "--gpu", "7.5"], ["check", "--gpu", "8.0", "--json"]):
            code, out, _, peak, _ = run([self.program, *arguments, str(place)])
            assert code == (1 if "7.5" in arguments else 0), (arguments, code)
            assert out.count(b"m1999.so") >= 1, arguments
            base = run([self.program, *arguments, str(place / "m0000.so")])[3]
            assert peak - base < at_most[arguments[0]] * 1024, (arguments, peak, base)

    def test_memory_of_many_kernels(self):
        names = b"".join(b".visible .entry " + b"k%0120d()\n" % i for i in range(24000))
        text = b".version 8.4\n.target sm_80\n" + names
        text += b" " * (-len(text) % 8)
        entry = struct.pack("<HHIQIIHHIIIQQQ", 1, 0x101, 64, len(text), 0, 0, 4, 8, 80, 0, 0, 0x11, 0, 0) + text
        path = self.file("kernels.so", elf([(".nv_fatbin", struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(entry)) + entry)]))
        code, out, _, peak, _ = run([self.program, "scan", "--kernels", path])
        assert code == 0 and out.count(b"    k0") == 24000, out[:300]
        assert peak < PEAK, peak

    def test_bombs_end(self):
        bomb = self.folder / "bomb.whl"
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("a.so", "w", force_zip64=True) as member:
                member.write(elf([(".nv_fatbin", container(3, b"c" * 64))]))
                for _ in range(1600):
                    member.write(bytes(1 << 20))
        code, out, _, peak, seconds = run([self.program, "scan", str(bomb)])
        assert code == 0 and seconds < 60, (code, seconds)
        assert peak < PEAK, peak

    def test_a_million_sections(self):
        count = 1_000_000
        row = struct.pack("<IIQQQQIIQQ", 1, 1, 2, 0, 64, 64, 0, 0, 8, 0)
        head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, 128, 0, 64, 0, 0, 64, 0, 0)
        zero = struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, count, 0, 0, 0, 0)
        path = self.file("sections.so", head + b"\0.nv_fatbin\0".ljust(64, b"\0") + zero + row * (count - 1))
        code, out, _, peak, seconds = run([self.program, "scan", "--json", path])
        assert code == 0 and b"elf-too-many-sections" in out, out[:300]
        assert seconds < 20 and peak < 3 * PEAK, (seconds, peak)
        os.remove(path)

    def test_a_folder_of_traps(self):
        traps = self.folder / "traps"
        (traps / "a" / "b").mkdir(parents=True)
        os.symlink("..", traps / "a" / "b" / "up")
        os.symlink("loop", traps / "loop")
        os.symlink("/nowhere/at/all", traps / "dangling")
        os.mkfifo(traps / "fifo.so")
        (traps / "locked.so").write_bytes(elf([(".nv_fatbin", container(1, b"c" * 64))]))
        (traps / "name\n\x1b[31m.so").write_bytes(elf([(".nv_fatbin", container(1, b"c" * 64))]))
        os.chmod(traps / "locked.so", 0)
        code, out, err, _, seconds = run([self.program, "scan", str(traps)])
        assert code == 0 and seconds < 10, (code, err)
        assert b"\x1b" not in out + err, out

    def test_what_lies_unreadable_in_a_folder(self):
        if os.getuid() != 0:
            return  # another user is needed, who may not read it
        place = self.folder / "closed"
        (place / "locked").mkdir(parents=True)
        good = elf([(".nv_fatbin", container(1, b"x" * 64))])
        (place / "good.so").write_bytes(good)
        (place / "closed.so").write_bytes(good)
        for path, mode in ((self.folder, 0o755), (place / "closed.so", 0), (place / "locked", 0)):
            path.chmod(mode)

        def code(*arguments):
            return subprocess.run([self.program, *arguments], capture_output=True, text=True, timeout=20,
                                  preexec_fn=lambda: os.setuid(65534)).returncode

        try:
            if code("db", "info") != 0:
                return  # the program itself lies where that user may not go
            assert code("check", str(place), "--gpu", "8.0") == 65
            assert code("query", "--binary", str(place), "--gpu", "8.0") == 65
            assert code("scan", str(place)) == 0
        finally:
            (place / "locked").chmod(0o755)

    def test_a_file_that_shrinks_and_grows_meanwhile(self):
        content = elf([(".nv_fatbin", container(20000, os.urandom(64)))])
        path = self.folder / "moving.so"
        path.write_bytes(content)
        process = subprocess.Popen([self.program, "scan", "--deep", "--json", *[str(path)] * 200], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        for size in [len(content) // 2, 0, 100, len(content), 70] * 20:
            os.truncate(path, size)
            time.sleep(0.002)
        process.communicate(timeout=60)
        assert process.returncode == 0, process.returncode


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        tests = Tests(os.path.abspath(sys.argv[1]), folder)
        for name in [name for name in dir(tests) if name.startswith("test_")]:
            try:
                getattr(tests, name)()
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"{name}: {type(error).__name__} {str(error)[:1000]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
