#!/usr/bin/env python3
"""Runs the console blocks of documents and compares what they show; --write puts the real output there instead.

usage: run.py [--write] EXECUTABLE FILE.md...

A block begins with ```console. A line "$ command" is run by sh with `cudacompat` and `tools/dev run` standing for the
executable; the lines behind it are its output, standard error behind standard output. A line "…" stands for any lines, and
"…" inside a line for any text. "[exit N]" as the last line is the exit code, which is 0 without it.
"""
import os
import re
import subprocess
import sys
import tempfile


def run(executable, command, folder):
    command = command.replace("tools/dev run ", "cudacompat ")
    environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"], NO_COLOR="1", LC_ALL="C.UTF-8")
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment, timeout=60)
    lines = (result.stdout + result.stderr).rstrip("\n").split("\n")
    if result.returncode != 0:
        lines.append(f"[exit {result.returncode}]")
    return lines


def fits(expected, real):
    pattern = ""
    for line in expected:
        if line == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.split("…")) + r"\n"
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in real) + "\n") is not None


def main():
    arguments = sys.argv[1:]
    write = arguments[0] == "--write"
    executable, files = arguments[1 if write else 0], arguments[2 if write else 1:]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(executable), os.path.join(folder, "cudacompat"))
        for name in files:
            with open(name, encoding="utf-8") as file:
                lines = file.read().split("\n")
            out, at = [], 0
            while at < len(lines):
                out.append(lines[at])
                at += 1
                if out[-1] != "```console":
                    continue
                while at < len(lines) and lines[at] != "```":
                    command, expected = lines[at], []
                    at += 1
                    while at < len(lines) and lines[at] != "```" and not lines[at].startswith("$ "):
                        expected.append(lines[at])
                        at += 1
                    real = run(executable, command[2:], folder)
                    good = fits(expected, real)
                    passed, failed = (passed + 1, failed) if good else (passed, failed + 1)
                    if not good and not write:
                        print(f"{name}: {command}\n  shows\n    " + "\n    ".join(real) + "\n  and the document says\n    " + "\n    ".join(expected))
                    out += [command] + (expected if good or not write else real)
            if write:
                with open(name, "w", encoding="utf-8") as file:
                    file.write("\n".join(out))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed and not write or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
