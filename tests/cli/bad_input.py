#!/usr/bin/env python3
"""What is typed wrongly, and where the output cannot go. usage: bad_input.py EXECUTABLE"""
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile


class Tests:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def run(self, *arguments, stdin=b"", env=None):
        process = subprocess.run([self.program.encode(), *[a if isinstance(a, bytes) else a.encode() for a in arguments]],
                                 input=stdin, capture_output=True, timeout=60, cwd=self.folder, env=env)
        return process.returncode, process.stdout, process.stderr

    def refused(self, *arguments, says=b"", **more):
        code, out, err = self.run(*arguments, **more)
        assert code == 64, (arguments, code, err[:300])
        assert out == b"", (arguments, out[:100])
        assert says in err and len(err) < 3000, (arguments, err[:500])

    def test_long_text(self):
        self.refused("query", "x" * 100000, says=b"bytes")
        code, out, _ = self.run("explain", "-", stdin=b"torch " * (1 << 18))
        assert code in (0, 3), code
        code, out, _ = self.run("query", "--gpu", "x" * 100000)
        assert code in (3, 64), code

    def test_control_characters(self):
        self.refused("query", "--gpu", "MX\x01450", says=b"control character")
        self.refused("query", "torch on MX\x02450", says=b"control character")
        self.refused("query", "--driver", "535\x1b[31m", says=b"driver version")
        code, out, err = self.run("query", "--package", "to\x1brch")
        assert b"\x1b" not in out + err, (out, err)

    def test_text_that_is_not_utf8(self):
        self.refused("query", "--gpu", b"MX\xff450", says=b"UTF-8")
        self.refused("query", b"torch on \xc3\x28", says=b"UTF-8")
        code, out, err = self.run("query", "--package", b"t\xfforch", "--json")
        assert code in (3, 64), (code, err)
        out.decode("utf-8"), err.decode("utf-8")

    def test_another_locale(self):
        arguments = ("query", "--gpu", "MX450", "--torch", "2.6.0+cu124", "--json")
        plain = self.run(*arguments)
        for locale in ("C", "de_DE.UTF-8", "tr_TR.UTF-8", "nonsense"):
            assert self.run(*arguments, env=dict(os.environ, LC_ALL=locale, LANG=locale)) == plain, locale
        assert self.run(*arguments, env={}) == plain

    def test_contradictions(self):
        self.refused("query", "torch 2.6.0 on A100", "--torch", "2.5.0", says=b"twice")
        self.refused("query", "--torch", "2.5.0", "--torch", "2.6.0", says=b"twice")
        self.refused("query", "--cuda", "12.4", "--cuda", "11.8", says=b"twice")
        self.refused("query", "--gpu", "A100", "--driver", "535", "--driver", "550", says=b"twice")
        self.refused("query", "A100, linux", "--os", "windows", says=b"linux")
        self.refused("query", "--jetpack", "6.2", "--os", "windows", says=b"Linux")
        code, _, _ = self.run("query", "torch 2.6.0 on A100", "--torch", "2.6.0")
        assert code == 0, code

    def test_long_values_are_not_repeated(self):
        long = "A" * 100_000
        for flag in ("--gpu", "--driver", "--cuda-driver", "--os", "--arch", "--jetpack", "--python", "--platform", "--torch", "--package",
                     "--cuda", "--images", "--host-compiler"):
            code, out, err = self.run("query", flag, long)
            assert code == 64 and not out, (flag, code)
            assert len(err) < 1500, (flag, len(err))
        code, out, err = self.run("query", "--gpu", long, "--json")
        assert code == 64 and not out and len(err) < 1500

    def test_old_data_is_said_in_json(self):
        code, out, _ = self.run("query", "--gpu", "T4", "--torch", "2.6.0", "--strict-age", "0", "--json")
        answer = json.loads(out)
        assert (code, answer["verdict"], answer["rule"]) == (3, "unknown", "data-too-old"), (code, answer["verdict"])
        assert answer["reasons"][1]["rule"] == "native-image" and answer["missing"][0]["what"] == "data", answer
        assert [remedy["commands"] for remedy in answer["remedies"]] == [["cudacompat db info"]], answer["remedies"]
        assert answer["data"]["too_old"] and answer["data"]["strict_age_days"] == 0 and answer["data"]["age_days"] > 0, answer["data"]
        code, out, _ = self.run("query", "--gpu", "T4", "--torch", "2.6.0", "--strict-age", "99999", "--json")
        assert code == 0 and not json.loads(out)["data"]["too_old"] and json.loads(out)["verdict"] == "compatible"
        code, out, err = self.run("query", "--gpu", "T4", "--torch", "2.6.0", "--strict-age", "0")
        assert (code, out.splitlines()[0]) == (3, b"unknown (data-too-old)") and b"days old" in err, (code, out[:200], err)

    def test_words_that_are_no_command(self):
        self.refused("quer", says=b"did you mean query?")
        self.refused("list", "gpu", says=b"did you mean gpus?")
        self.refused("list", "foo", says=b"'foo'")
        self.refused("db", "ifno", says=b"did you mean info?")
        self.refused(says=b"--help")
        self.refused("query", "--gpu", "A100", "--strict-age", "abc", says=b"number of days")
        self.refused("db", "save", "-", says=b"name a file")
        code, out, err = self.run("db", "save", "no/such/folder/t.db")
        assert code == 65 and out == b"" and b"name a folder" in err, (code, err)
        # it never ends by itself
        self.refused("sql", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c", says=b"longer than 10 seconds")
        self.refused("db", "save", "", says=b"name a file")
        assert not os.path.exists(os.path.join(self.folder, "-"))

    def test_a_flag_without_its_value(self):
        self.refused("query", "--gpu", "--json", says=b"a value is missing before --json")
        self.refused("query", "--gpu", "--driver", "535.183.01", says=b"a value is missing before --driver")
        self.refused("check", ".", "--require", "--json", says=b"a value is missing")
        for arguments in (("device", "--record", ""), ("scan", ".", "--extract", ""), ("query", "--target", ""), ("query", "--root", ""),
                          ("doctor", "--root", ""), ("device", "--target", " ")):
            self.refused(*arguments, says=b"the value is empty")

    def test_help_is_of_something(self):
        self.refused("nosuch", "--help", says=b"'nosuch' is no command")
        self.refused("list", "nosuch", "--help", says=b"'nosuch' is no kind of list")
        self.refused("db", "nosuch", "--help", says=b"'nosuch' is no kind of db")
        self.refused("query", "--help", "--nosuch", says=b"--nosuch")
        self.refused("db", "save", says=b"cudacompat db save --help")
        for arguments in (("--help",), ("query", "--help"), ("db", "save", "--help"), ("query", "--gpu", "T4", "--help")):
            code, out, err = self.run(*arguments)
            assert (code, err) == (0, b"") and b"OPTIONS" in out.upper(), (arguments, code, err)

    def saved(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read(16) == b"SQLite format 3\0"

    # Nothing that was not named is touched, and nothing that is no file is replaced.
    def test_save_touches_what_was_named(self):
        path = lambda name: os.path.join(self.folder, name)
        with open(path("t.db.part"), "w") as file:
            file.write("precious")
        code, out, err = self.run("db", "save", "t.db")
        assert (code, out) == (0, b"") and self.saved("t.db"), err
        with open(path("t.db.part")) as file:
            assert file.read() == "precious"
        self.refused("db", "save", "t.db", says=b"--force")
        os.mkfifo(path("pipe"))
        self.refused("db", "save", "pipe", "--force", says=b"device or a pipe")
        assert not os.path.isfile(path("pipe"))
        self.refused("db", "save", ".", "--force", says=b"a folder")
        with open(path("old"), "w") as file:
            file.write("old")
        os.symlink("old", path("link"))
        os.symlink("nowhere", path("dangling"))
        self.refused("db", "save", "link", says=b"--force")
        assert self.run("db", "save", "link", "--force")[0] == 0
        assert os.path.islink(path("link")) and self.saved("old")
        self.refused("db", "save", "dangling", "--force", says=b"link to nothing")
        assert not os.path.exists(path("nowhere"))
        code, out, err = self.run("db", "save", "j.db", "--json")
        assert code == 0 and json.loads(out)["bytes"] == os.path.getsize(path("j.db")), (code, out, err)
        assert not [name for name in os.listdir(self.folder) if name.startswith(".cudacompat")]

    def test_a_full_disk_leaves_nothing(self):
        folder = os.path.join(self.folder, "full")
        os.mkdir(folder)
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        process = subprocess.run([self.program, "db", "save", "x.db"], cwd=folder, capture_output=True, preexec_fn=limit, timeout=60)
        assert process.returncode == 70 and b"writing failed" in process.stderr, process
        assert os.listdir(folder) == [], os.listdir(folder)

    def test_what_is_recorded(self):
        with open(os.path.join(self.folder, "ce.txt"), "w") as file:
            file.write("PyTorch version: 2.4.1+cu121\nNvidia driver version: 545.23.08\n")
        self.refused("device", "--record", "rec", "--target", "ce.txt", says=b"--record")
        assert not os.path.exists(os.path.join(self.folder, "rec"))
        code, out, err = self.run("device", "--record", "rec2", "--json")
        assert code == 0 and json.loads(out)["schema"] == "cudacompat/device/1", (code, out[:200], err)
        assert os.path.isdir(os.path.join(self.folder, "rec2"))

    def test_system_and_platform(self):
        self.refused("query", "--gpu", "T4", "--platform", "wsl", "--os", "windows", says=b"inside WSL")
        code, _, err = self.run("query", "--gpu", "RTX 3060", "--platform", "wsl", "--os", "linux")  # WSL is a Linux
        assert code == 0, err

    def test_show_has_json_and_nothing_else(self):
        for form in ("ast", "sql"):
            code, out, _ = self.run("query", "--gpu", "T4", "--show", form, "--json")
            assert code == 0 and json.loads(out)["show"] == form, out[:200]
            self.refused("query", "--gpu", "T4", "--show", form, "--why", says=b"--why")

    def test_a_closed_pipe_is_silent(self):
        for arguments in (["list", "gpus"], ["list", "builds", "--json"], ["sql", "SELECT * FROM gpu_virtual"]):
            process = subprocess.Popen([self.program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.read(10)
            process.stdout.close()
            err = process.stderr.read()
            assert process.wait(60) in (0, -signal.SIGPIPE) and err == b"", (arguments, process.returncode, err)

    def test_a_full_disk_and_a_closed_output_are_told(self):
        for arguments in (["--help"], ["--version"], ["--help-all"], ["query", "--help"], ["query", "--gpu", "A100"],
                          ["list", "gpus"], ["db", "info"], ["explain", "209"]):
            if os.path.exists("/dev/full"):
                with open("/dev/full", "wb") as full:
                    process = subprocess.run([self.program, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60)
                assert process.returncode == 70 and b"writing failed" in process.stderr, (arguments, process)
            process = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", self.program, *arguments], stderr=subprocess.PIPE, timeout=60)
            assert process.returncode == 70 and b"writing failed" in process.stderr, (arguments, process)

    def test_free_words_of_list(self):
        for arguments, holds in ((("builds", "torch", "2.6.0"), b"cu124"), (("builds", "torch", "2.6.0+cu124"), b"windows"),
                                 (("gpus", "12.0"), b"RTX 5090"), (("gpus", "sm_75"), b"MX450"), (("errors", "209"), b"NoKernelImage"),
                                 (("architectures", "7.5"), b"Turing")):
            code, out, err = self.run("list", *arguments)
            assert code == 0 and holds in out, (arguments, out[:200], err)

    def test_several_extras(self):
        code, out, err = self.run("query", "--package", "onnxruntime-gpu[cuda,cudnn]==1.22")
        assert code == 0, (code, err)
        self.refused("query", "--package", "jax[]==0.4.30", says=b"extra")

    def test_ids_that_a_proof_prints(self):
        for what in ("rule/native-image", "build/torch/2.6.0/cu124/linux/x86_64/framework"):
            code, out, _ = self.run("explain", what)
            assert code == 0 and out, what


def main():
    with tempfile.TemporaryDirectory() as folder:
        tests = Tests(os.path.abspath(sys.argv[1]), folder)
        failed = 0
        for name in [n for n in dir(tests) if n.startswith("test_")]:
            try:
                getattr(tests, name)()
            except AssertionError as error:
                failed += 1
                print(f"{name}: {error}", file=sys.stderr)
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
