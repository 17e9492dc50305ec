#!/usr/bin/env python3
"""One thing typed in several ways is read alike, and what is not read is not passed over. usage: typed.py EXECUTABLE"""
import json
import subprocess
import sys


class Tests:
    def __init__(self, program):
        self.program = program

    def run(self, *arguments):
        process = subprocess.run([self.program, *arguments], capture_output=True, timeout=60)
        return process.returncode, process.stdout.decode(), process.stderr.decode()

    def json(self, *arguments):
        code, out, err = self.run(*arguments, "--json")
        assert out, (arguments, code, err[:300])
        return code, json.loads(out)

    def refused(self, *arguments, says=""):
        code, out, err = self.run(*arguments)
        assert (code, out) == (64, ""), (arguments, code, out[:200], err[:300])
        assert says in err, (arguments, err[:500])

    # CUDA 10.1 renumbered some of the runtime's errors; the others were what they are.
    def test_numbers_of_old_runtimes(self):
        for cuda, code, name, rule in (("9.0", "35", "cudaErrorInsufficientDriver", "driver-too-old"),
                                       ("8.0", "46", "cudaErrorDevicesUnavailable", "device-busy"),
                                       ("9.0", "2", "cudaErrorMemoryAllocation", None),
                                       ("9.0", "3", "cudaErrorInitializationError", None),
                                       ("9.0", "13", "cudaErrorInvalidSymbol", None),
                                       ("10.0", "18", "cudaErrorInvalidTexture", None),
                                       ("10.0", "34", "cudaErrorNotReady", None),
                                       ("9.2", "48", "cudaErrorNoKernelImageForDevice", "no-kernel-image"),
                                       ("10.1", "34", "cudaErrorStubLibrary", "library-shadowed"),
                                       ("11.8", "35", "cudaErrorInsufficientDriver", "driver-too-old")):
            exit_code, answer = self.json("explain", code, "--cuda", cuda)
            first = answer["findings"][0]
            assert (exit_code, first["name"], answer["rule"]) == (0, name, rule), (cuda, code, first)
            families = [finding["family"] for finding in answer["findings"]]
            assert ("runtime-before-10.1" in families, "runtime" in families) == (cuda in ("8.0", "9.0", "9.2", "10.0"),
                                                                                  cuda in ("10.1", "11.8")), families
        _, answer = self.json("explain", "35")  # unchanged: said once
        assert [f["family"] for f in answer["findings"] if f["name"] == "cudaErrorInsufficientDriver"] == ["runtime"]

    def test_numbers_as_they_are_printed(self):
        for words in (["Xid", "79"], ["Xid 79"]):
            assert self.json("explain", *words)[1]["rule"] == "gpu-lost", words
        for number in ("0xc0000135", "0xC0000135", "3221225781", "-1073741515"):
            code, answer = self.json("explain", number)
            assert (code, answer["rule"]) == (0, "library-missing"), (number, answer)

    def test_host_compilers(self):
        rows = lambda system: [row["compiler"] for row in self.json("query", "host compilers for cuda 12.4 on " + system)[1]["host_compilers"]]
        assert (rows("windows"), rows("linux"), rows("wsl")) == (["msvc"], ["clang", "gcc"], ["clang", "gcc"])
        _, answer = self.json("query", "MX450, cuda 12.4 g++-13")
        assert [device["given"] for device in answer["devices"]] == ["MX450"], answer["devices"]
        self.refused("query", "cuda 12.4 with icc 2021", says="column 16")
        self.refused("query", "cuda 12.4 with visual studio", says="a version is missing")


def main():
    tests = Tests(sys.argv[1])
    names = [name for name in dir(Tests) if name.startswith("test_")]
    for name in names:
        getattr(tests, name)()
    print(f"{len(names)} groups of questions are read as meant")
    return 0


if __name__ == "__main__":
    sys.exit(main())
