#!/usr/bin/env python3
"""Compares `cudacompat scan --list` with NVIDIA's own cuobjdump, image by image, on real libraries.

Wheels are pinned by name, version and sha256 (wheels.csv) and fetched by the ordinary pip client into the build folder.
Then each wheel is compared with the data of its build (tools/measure_wheel). CUDACOMPAT_ORACLE=1 compares every file, =ci those of the rows marked so, which are small. Exit code 77 means skipped: not asked
for, or offline.

What is set aside, each by a rule:
  family-suffix     cuobjdump reads a cubin's target from the cubin, where `f` leaves no mark: ours is compared without it.
  removed-target    13.x stops at the first image below sm_50 ("Support for 'sm_35' has been removed"): the list up to there counts,
                    and our next image must be such a one. Where the older cuobjdump is at hand it must list the whole file so.
  invalid-elf       13.x stops ("Invalid ELF") at cubins of CUDA 12.0 to 12.3: the list up to there counts, and our report must say
                    that the file was built with one of these. The older cuobjdump as above.
  older-suffix      the older one prints an `a` on cubins below sm_90, where there is none, and no `f` on PTX.
  windows           the Linux cuobjdump reads no PE file: the same section bytes are wrapped into an ELF file and listed.
"""
import argparse
import csv
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEASURE = HERE.parents[2] / "tools" / "measure_wheel"
SKIPPED = 77
TOOLS = ("cuobjdump", "older-cuobjdump")
LINE = re.compile(r"^(ELF|PTX) file +\d+: .*\.sm_(\d+[af]?)\.(?:cubin|ptx)$")
SECTIONS = [".nv_fatbin", "__nv_relfatbin"]
PE_SECTIONS = {".nv_fatb": ".nv_fatbin", "__nv_rel": "__nv_relfatbin", ".nv_fatbin": ".nv_fatbin",
               "__nv_relfatbin": "__nv_relfatbin"}


def fetch(row, work):
    """The pinned wheel in `work`, fetched when it is not there; None when offline."""
    folder = work / row["sha256"][:16]
    found = list(folder.glob("*.whl"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(f"{row['name']}=={row['version']} --hash=sha256:{row['sha256']}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--only-binary=:all:", "--require-hashes", "--retries", "1", "--timeout", "20", "-d", str(folder), "-r", str(wanted)]
        for part in row["pip"].split():
            command.append(part)
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            print(f"  {row['name']} {row['version']}: not fetched: {result.stderr.strip().splitlines()[-1:]}")
            return None
        found = list(folder.glob("*.whl"))
    return found[0]


def unpack(wheel, member, folder):
    """One member of a wheel as a file below `folder`."""
    target = folder / wheel.stem / member
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, open(target, "wb") as out:
            while chunk := source.read(1 << 20):
                out.write(chunk)
    return target


def elf_with(sections):
    """The smallest ELF object with these named sections: what cuobjdump wants to see."""
    names = b"\0"
    rows = [(0, 0, 0, 0)]
    body = b""
    for name, data in sections:
        rows.append((len(names), 1, 64 + len(body), len(data)))
        names += name.encode() + b"\0"
        body += data + b"\0" * (-len(data) % 8)
    rows.append((len(names), 3, 64 + len(body), len(names) + len(".shstrtab") + 1))
    names += b".shstrtab\0"
    body += names + b"\0" * (-len(names) % 8)
    table = b"".join(struct.pack("<IIQQQQIIQQ", name, kind, 2, 0, offset, size, 0, 0, 8, 0)
                     for name, kind, offset, size in rows)
    header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64,
                                                      len(rows), len(rows) - 1)
    return header + body + table


def wrap_pe(path):
    """The fat binary sections of a PE file, in an ELF file beside it."""
    data = path.read_bytes()
    pe = struct.unpack_from("<I", data, 0x3C)[0]
    count, optional = struct.unpack_from("<H", data, pe + 6)[0], struct.unpack_from("<H", data, pe + 20)[0]
    sections = []
    for i in range(count):
        row = pe + 24 + optional + i * 40
        name = data[row:row + 8].rstrip(b"\0").decode("latin-1")
        virtual, _, raw, offset = struct.unpack_from("<IIII", data, row + 8)
        if name in PE_SECTIONS:
            sections.append((PE_SECTIONS[name], data[offset:offset + min(virtual, raw)]))
    wrapped = path.with_suffix(".wrapped.o")
    wrapped.write_bytes(elf_with(sections))
    return wrapped


def theirs(cuobjdump, path):
    result = subprocess.run([cuobjdump, "-lelf", "-lptx", "-all", str(path)], capture_output=True, text=True)
    images = []
    for line in result.stdout.splitlines():
        match = LINE.match(line)
        if match:
            images.append(("cubin" if match[1] == "ELF" else "ptx", match[2]))
    return images, result.stderr + result.stdout


def ours(program, path, windows):
    listed = subprocess.run([program, "scan", "--list", str(path)], capture_output=True, text=True, check=True)
    report = json.loads(subprocess.run([program, "scan", "--json", "--list", str(path)], capture_output=True, text=True,
                                       check=True).stdout)
    entries = [entry for file in report["files"] for entry in file["entries"]]
    lines = listed.stdout.splitlines()
    assert len(lines) == len(entries), f"--list has {len(lines)} images, --json {len(entries)}"
    groups = {name: [] for name in SECTIONS}
    for line, entry in zip(lines, entries):
        _, kind, target, codec, section = line.split("\t")
        assert [kind, target, codec] == [entry["kind"], entry["target"], entry["compression"]], line
        name = section.rsplit(":", 1)[-1]
        group = PE_SECTIONS.get(name, name)
        if group not in groups or not (windows or entry["listed_by_vendor_tool"]):
            continue
        number = target.split("_", 1)[1]
        if kind == "cubin" and number.endswith("f"):  # rule family-suffix
            number = number[:-1]
        groups[group].append((kind.replace("relocatable-", "").replace("mercury", "cubin"), number))
    toolkits = {toolkit for file in report["files"] for toolkit in file["toolkits"]}
    return groups[".nv_fatbin"] + groups["__nv_relfatbin"], toolkits


def older(images):
    """Rule older-suffix, for both lists."""
    plain = []
    for kind, number in images:
        digits = int(re.sub(r"\D", "", number))
        if (kind == "ptx" and number.endswith("f")) or (kind == "cubin" and digits < 90):
            number = str(digits)
        plain.append((kind, number))
    return plain


def difference(got, want):
    for i, (a, b) in enumerate(zip(got + [None] * len(want), want)):
        if a != b:
            return f"image {i + 1}: ours {a}, theirs {b}; {len(got)} and {len(want)} images"
    return f"{len(got)} images, theirs {len(want)}"


def compare(program, cuobjdump, old_cuobjdump, path):
    """(rule or "equal" or "", text)"""
    windows = path.read_bytes()[:2] == b"MZ"
    got, toolkits = ours(program, path, windows)
    listed = wrap_pe(path) if windows else path
    want, messages = theirs(cuobjdump, listed)
    if got == want:
        return ("windows" if windows else "equal"), f"{len(got)} images"
    rule = ""
    if got[:len(want)] == want and len(got) > len(want):
        if "has been removed" in messages and int(re.sub(r"\D", "", got[len(want)][1])) < 50:
            rule, text = "removed-target", f"{len(want)} of {len(got)} images, then sm_{got[len(want)][1]}"
        if "Invalid ELF" in messages and toolkits & {"12.0", "12.1", "12.2", "12.3"}:
            rule, text = "invalid-elf", f"{len(want)} of {len(got)} images, built with {', '.join(sorted(toolkits))}"
    if not rule:
        return "", difference(got, want) + " " + messages.strip()[-200:]
    if old_cuobjdump is None:
        return rule, text
    want, messages = theirs(old_cuobjdump, listed)
    if older(got) != older(want):
        return "", "by the older cuobjdump: " + difference(older(got), older(want)) + " " + messages.strip()[-200:]
    return rule, text + f"; all {len(got)} equal by the older cuobjdump"


def unpacked_tool(row, work):
    """The cuobjdump inside a wheel, ready to run; None when offline."""
    wheel = fetch(row, work)
    if wheel is None:
        return None
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("bin/cuobjdump"))
    tool = unpack(wheel, member, work)
    tool.chmod(0o755)
    return tool


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--work", required=True, type=Path)
    arguments = parser.parse_args()
    asked = os.environ.get("CUDACOMPAT_ORACLE")
    if asked not in ("1", "ci"):
        print("skipped: CUDACOMPAT_ORACLE is neither 1 nor ci (tools/dev test --oracle sets it)")
        return SKIPPED
    rows = [row for row in csv.DictReader(open(HERE / "wheels.csv", newline="")) if asked == "1" or row["set"] == "ci"]
    tools = {row["files"]: unpacked_tool(row, arguments.work) for row in rows if row["files"] in TOOLS}
    if tools["cuobjdump"] is None:
        print("skipped: cuobjdump could not be fetched (offline?)")
        return SKIPPED
    failed = compared = missing = 0
    for row in rows:
        if row["files"] in TOOLS:
            continue
        wheel = fetch(row, arguments.work)
        if wheel is None:
            missing += 1
            continue
        for member in row["files"].split():
            rule, text = compare(arguments.program, tools["cuobjdump"], tools.get("older-cuobjdump"),
                                 unpack(wheel, member, arguments.work))
            compared += 1
            failed += rule == ""
            print(f"{rule or 'DIFFERENT':15} {row['name']} {row['version']} {member}: {text}")
        measured = subprocess.run([sys.executable, str(MEASURE), "--program", arguments.program, str(wheel)], capture_output=True, text=True)
        if measured.returncode != 65:  # 65: the data has no such build
            failed += measured.returncode != 0
            print(measured.stdout.strip())
    print(f"{compared} files compared, {failed} different, {missing} wheels not fetched")
    if failed or (compared and compared < 5 and not missing):
        return 1
    return SKIPPED if compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
