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

    # A number with nothing around it but words that say that it is one.
    def test_number_as_argument(self):
        for said, rule in (("error 35", "driver-too-old"), ("code=35", "driver-too-old"), ("error code 209", "no-kernel-image"),
                           ("Error: 222", "ptx-newer-than-driver"), ("cudaError 803", "driver-stack-mismatch")):
            code, answer = self.json("explain", said)
            assert (code, answer["rule"]) == (0, rule), (said, answer)
        code, _ = self.json("explain", "room 35")
        assert code == 3

    def test_bounds_that_exclude_each_other(self):
        for arguments in (("--torch", ">=2.5,<2.0"), ("--package", "jax==0.4.30,<0.4"), ("--driver", ">=580,<550")):
            self.refused("query", "--gpu", "MX450", *arguments, says="exclude each other")
        assert self.json("query", "--gpu", "MX450", "--torch", ">=2.5,<=2.5")[0] == 0

    def test_sql_only_asks(self):
        for said in ("PRAGMA writable_schema=1", "PRAGMA query_only(0)", "ATTACH 'x' AS y", "BEGIN", "DELETE FROM gpu", "VACUUM INTO 'x'"):
            self.refused("sql", said, says="read-only")
        for said in ("PRAGMA table_info(gpu)", "SELECT count(*) FROM gpu", "EXPLAIN SELECT 1", "WITH t AS (SELECT 1) SELECT * FROM t"):
            assert self.run("sql", said)[0] == 0, said

    def test_system_with_its_release(self):
        for said, os in (("Ubuntu 22.04", "linux"), ("win11", "windows"), ("Windows 11", "windows"), ("ubuntu 24.04 LTS", "linux"), ("win32", "windows")):
            code, answer = self.json("query", "--gpu", "MX450", "--torch", "2.6.0+cu124", "--os", said)
            assert (code, answer["builds"][0]["os"]) == (0, os), (said, answer)
        self.refused("query", "--gpu", "MX450", "--os", "amiga 3")

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
        for number in ("805", "806", "807", "808", "809"):  # what to do stands beside the sentence
            assert all("MPS" in f["because"] and ": " in f["because"] for f in self.json("explain", number)[1]["findings"]), number

    # What no source says stands in no sentence, for any generation.
    def test_half_precision(self):
        for row in self.json("list", "architectures")[1]["rows"]:
            capability = row[1]
            code, out, err = self.run("query", "--gpu", capability)
            assert "unsaid times" not in out and "at least no times" not in out, (capability, out)
        out = self.run("query", "--gpu", "Jetson AGX Orin")[1]
        assert "FP16" in out and "times as fast" not in out, out
        assert "at least 2 times as fast" in self.run("query", "--gpu", "T4")[1]

    def test_numbers_as_they_are_printed(self):
        for words in (["Xid", "79"], ["Xid 79"]):
            assert self.json("explain", *words)[1]["rule"] == "gpu-lost", words
        for number in ("0x100000023", "0x1000000000000000023", "-99999999999"):
            code, out, err = self.run("explain", number)
            assert code == 3, (number, code, out[:200])
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

    # A form is answered by its table whatever it is asked of, or the answer says that there is none.
    def test_every_form_has_its_table(self):
        for text, table, row in (("toolkits for torch 2.6.0+cu124", "toolkits", {"build": "torch 2.6.0+cu124", "cuda": "12.4"}),
                                 ("toolkits for cuda 12.4", "toolkits", {"release": "12.4.1"}),
                                 ("toolkits for torch 2.9.0+cu128 on GTX 1080", "toolkits", {"cuda": "12.8"}),
                                 ("host compilers for torch 2.6.0+cu124, linux", "host_compilers", {"cuda": "12.4", "compiler": "gcc", "to": "13"}),
                                 ("host compilers for cuda 12.4 on A100", "host_compilers", {"compiler": "gcc", "to": "13"}),
                                 ("host compilers for K80", "host_compilers", {"cuda": "11.4"}),
                                 ("host compilers for driver 535", "host_compilers", {"cuda": "12.9"})):
            _, answer = self.json("query", text)
            assert any(row.items() <= each.items() for each in answer.get(table, [])), (text, answer.get(table))
        _, answer = self.json("query", "host compilers for K80")
        assert not any(each["cuda"] == "12.0" for each in answer["host_compilers"]), answer["host_compilers"]
        for form, table in (("gpus", "gpus"), ("drivers", "drivers"), ("toolkits", "toolkits"), ("host compilers", "host_compilers")):
            for about in ("torch 2.6.0", "cuda 12.4", "A100", "driver 535", "GTX 760, driver 535", "A100, driver 535", "torch 2.6.0 on MX450",
                          "cuda 12.4, driver 535", "tensorrt 8.6"):
                _, answer = self.json("query", form + " for " + about)
                told = [each for each in answer["caveats"] if each["rule"] == "words-not-understood"]
                told = told or answer["verdict"] == "unknown" or form == "gpus" and answer["devices"] or form == "drivers" and answer.get("driver")
                assert told or answer.get(table) or answer.get("architectures"), (form, about)

    # Blanks around the comma of bounds change nothing, a bound is no card, and a blank stands between two cards as a comma does.
    def test_blanks_between(self):
        asked = lambda text: self.run("query", text, "--show", "ast")[1].replace(" ", "")
        for text in ("torch >=2.4 ,<2.7 on T4", "torch >= 2.4 , < 2.7 on T4", "torch>=2.4 , <2.7 on T4", "torch >=2.4, <2.7 on T4", "T4, torch >=2.4 , <2.7"):
            assert asked(text) == asked("torch >=2.4,<2.7 on T4"), (text, asked(text))
        assert asked("T4, driver >=525 , <560") == asked("T4, driver >=525,<560")
        self.refused("query", "torch 2.6.0 on RTX 3060, <2.7", says="column 26")
        self.refused("query", "torch 2.6.0 on T4 >=2.7", says="column 19")
        for text, given in (("sm_75 sm_86 torch 2.6", ["sm_75", "sm_86"]), ("7.5 8.6 torch 2.6.0", ["7.5", "8.6"]), ("T4 A10G torch 2.6.0+cu124", ["T4", "A10G"]),
                            ("GeForce RTX 3060 Tesla V100", ["GeForce RTX 3060", "Tesla V100"]), ("RTX 3060 Ti RTX 3090 Ti", ["RTX 3060 Ti", "RTX 3090 Ti"]),
                            ("torch 2.6.0 on RTX 3060 10de:1f97", ["RTX 3060", "10de:1f97"]), ("NVIDIA A100 80GB", ["NVIDIA A100 80GB"]),
                            ("RTX 3060 Laptop GPU 6GB", ["RTX 3060 Laptop GPU 6GB"]), ("NVIDIA A100 80G...", ["NVIDIA A100 80G..."]), ("T4 sm_86 sm_90", ["T4", "sm_86", "sm_90"])):
            _, answer = self.json("query", text)
            assert [device["given"] for device in answer["devices"]] == given, (text, answer["devices"])

    # Of a compiler about which the data says nothing, what the toolkits around take is named, and no list of builds.
    def test_compilers_that_are_not_known(self):
        for text, known in (("cuda 10.2 with msvc 2019", ["10.1 takes 1700 to 1929", "11.0 takes up to 1929"]), ("cuda 10.2 with msvc 2017", ["10.1", "11.0"])):
            code, answer = self.json("query", text)
            assert (code, answer["rule"], [each["what"] for each in answer["missing"]]) == (3, "unknown-build", ["host compiler"]), (text, answer["missing"])
            assert all(each in answer["missing"][0]["known"] for each in known), answer["missing"]
            assert not any("list builds" in command for remedy in answer["remedies"] for command in remedy["commands"]), answer["remedies"]
        _, answer = self.json("query", "cuda 10.2 with msvc 2019")
        assert [remedy["changes"] for remedy in answer["remedies"]] == [["toolkit"]], answer["remedies"]
        code, answer = self.json("query", "cuda 14.0 with gcc 12")
        assert (code, [each["what"] for each in answer["missing"]]) == (3, ["toolkit"]), answer["missing"]

    def devices(self, *arguments):
        _, answer = self.json("query", *arguments)
        return [device["gpu"] for device in answer["devices"]]

    # A version glued to its name, a tag apart from it, a v in front: none of them is a card.
    def test_glued_and_apart(self):
        for text in ("torch2.6.0+cu124 on MX450", "torch 2.6.0-cu124 on MX450", "MX450 cu124 torch 2.6.0", "MX450, torch v2.6.0, cu124"):
            code, answer = self.json("query", text)
            assert code == 0 and [d["gpu"] for d in answer["devices"]] == ["GeForce MX450"], (text, answer["devices"])
            assert {(b["version"], b["tag"]) for b in answer["builds"]} == {("2.6.0", "cu124")}, text
        for value in ("v2.6.0+cu124", "2.6.0-cu124", "2.6.0 cu124", "==v2.6.0+cu124"):
            _, answer = self.json("query", "--torch", value)
            assert {(b["version"], b["tag"]) for b in answer["builds"]} == {("2.6.0", "cu124")}, value
        assert self.devices("MX450 torch python3.12") == ["GeForce MX450"]
        assert self.devices("T4, cuda12.4, driver535") == ["Tesla T4"]
        assert self.devices("jax cuda12 on T4") == ["Tesla T4"]
        self.refused("query", "cu124 on MX450", says="column 1")
        self.refused("query", "MX450 cu124", says="write torch cu124")

    def test_names_of_cards(self):
        for typed, name in (("NVIDIA Corporation GA106 [GeForce RTX 3060]", "GeForce RTX 3060"),
                            ("NVIDIA Corporation GA106M [GeForce RTX 3060 Mobile / Max-Q] (rev a1)", "GeForce RTX 3060 Laptop GPU"),
                            ("GPU 0: NVIDIA GeForce RTX 3080 Ti Laptop GPU (UUID: GPU-0a1b)", "GeForce RTX 3080 Ti Laptop GPU"),
                            ("RTX 3060 laptop gpu 6GB", "GeForce RTX 3060 Laptop GPU"),
                            ("Quadro RTX 3000 with Max-Q", "Quadro RTX 3000 with Max-Q Design"),
                            ("TU117M", "TU117M"), ("a2-highgpu-1g", "A100-SXM4-40GB"), ("a3-highgpu-8g", "H100 80GB HBM3"),
                            ("g2-standard-4", "L4"), ("g6e.xlarge", "L40S"), ("g6e.48xlarge", "L40S"), ("p6-b200.48xlarge", "B200"),
                            ("Standard_NV36ads_A10_v5", "A10"), ("NC6s_v3", "Tesla V100"), ("NC4as_T4_v3", "Tesla T4")):
            assert self.devices("--gpu", typed) == [name], (typed, self.devices("--gpu", typed))
        for typed, name in (("torch 2.6.0 on RTX 3060 laptop gpu 6GB", "GeForce RTX 3060 Laptop GPU"),
                            ("Quadro RTX 3000 with Max-Q with torch 2.6.0", "Quadro RTX 3000 with Max-Q Design")):
            assert self.devices(typed) == [name], typed
        assert self.json("query", "--gpu", "RTX 3060 laptop gpu 48GB")[1]["rule"] == "unknown-gpu"

    # Sizes that a cloud does not have are no cards; the nearest that it has is named.
    def test_machine_types(self):
        for typed, name in (("p4d.24xlarge", "A100"), ("g4dn.metal", "Tesla T4"), ("g3s.xlarge", "Tesla M60"), ("p2.16xlarge", "Tesla K80"),
                            ("a2-megagpu-16g", "A100-SXM4-40GB"), ("g2-standard-96", "L4"), ("p5.4xlarge", "H100")):
            assert self.devices("--gpu", typed) == [name], (typed, self.devices("--gpu", typed))
        for typed, near in (("p4d.2xlarge", "p4d.24xlarge"), ("a2-highgpu-16g", "a2-highgpu-1g"), ("p3.24xlarge", "p3"), ("g2-standard-384", "g2-standard-4"), ("g5.metal", "g5")):
            code, answer = self.json("query", "--gpu", typed)
            assert (code, answer["rule"]) == (3, "unknown-gpu"), (typed, answer["summary"])
            assert any(near in nearest for nearest in answer["missing"][0]["nearest"]), (typed, answer["missing"])

    def test_driver_numbers(self):
        code, answer = self.json("query", "--gpu", "T4", "--driver", "31.0.15.3623", "--torch", "2.6.0+cu124")
        assert code == 0 and answer["builds"][0]["os"] == "windows", answer["summary"]
        assert "536.23" in self.run("query", "T4, driver 31.0.15.3623")[1]
        _, answer = self.json("query", "--gpu", "T4", "--driver", "536.23", "--os", "linux")
        assert answer["rule"] == "unknown-driver" and "a number for Windows" in answer["reasons"][0]["summary"], answer["reasons"]
        _, answer = self.json("query", "--gpu", "Jetson AGX Orin", "--driver", "540.4.0", "--arch", "tegra")
        assert answer["rule"] == "unknown-driver" and "JetPack" in answer["reasons"][0]["summary"], answer["reasons"]

    def test_tags_that_a_version_has(self):
        for tag, near in (("rocm6.2", "rocm6.2.4"), ("cu125", "cu124")):
            code, answer = self.json("query", "--gpu", "T4", "--torch", "2.6.0+" + tag)
            assert (code, answer["rule"]) == (1, "no-such-build"), answer["rule"]
            assert "rocm6.2.4" in answer["reasons"][0]["summary"] and near in answer["missing"][0]["nearest"], answer["missing"]

    def test_lists(self):
        same = self.run("list", "gpus", "--capability", "7.5", "--json")[1]
        assert self.run("list", "gpus", "--capability", "sm_75", "--json") == (0, same, "") and "MX450" in same
        self.refused("list", "gpus", "--capability", "7.5x", says="no compute capability")
        self.refused("list", "architectures", "--capability", "sm_86a", says="no compute capability")
        code, out, err = self.run("list", "builds", "tensorflw")
        assert code == 0 and "did you mean tensorflow?" in err, err

    # A value that a list shows is found in it, however it is written; one that can never stand there is a slip.
    def test_lists_find_what_they_show(self):
        rows = lambda *arguments: self.json("list", *arguments)[1]["rows"]
        assert [row[0] for row in rows("toolkits", "--cuda", "12.4.1")] == ["12.4.1"] == [row[0] for row in rows("toolkits", "12.4.1")]
        assert len(rows("toolkits", "--cuda", "12.4")) > 1
        assert {row[1] for row in rows("drivers", "linux")} == {"linux"} == {row[1] for row in rows("drivers", "--os", "Linux")}
        assert {row[1] for row in rows("rules", "incompatible")} == {"incompatible"}
        assert {row[2] for row in rows("builds", "cupy-cuda12x")} == {"cuda12x"}
        assert rows("builds", "Torch", "2.6.0") == rows("builds", "torch", "2.6.0") != []
        assert rows("builds", "onnxruntime_gpu") == rows("builds", "onnxruntime-gpu") != []
        assert rows("gpus", "--class", "GeForce") == rows("gpus", "--class", "geforce") != []
        for arguments in (("toolkits", "--cuda", "abc"), ("errors", "--code", "abc"), ("drivers", "--os", "macos"), ("rules", "--verdict", "foo")):
            self.refused("list", *arguments, says=arguments[1])

    def test_cells_of_sql(self):
        assert self.json("sql", "SELECT 1.5 AS x, 1 AS y, '1' AS z")[1]["rows"] == [[1.5, 1, "1"]]
        assert "\x1b" not in self.run("sql", "select '\x1b[31m'")[1]

    # What a flag states is judged, told, or refused; never passed over.
    def test_flags_of_explain(self):
        plain = self.run("explain", "209")
        for flags in (("--gpu", "nosuchcard"), ("--gpu", "99.9"), ("--gpu", "T4"), ("--torch", "99.0"), ("--package", "nosuch"), ("--driver", "99999"),
                      ("--images", "sm_75"), ("--arch", "ppc64le")):
            shown = self.run("explain", "209", *flags)
            assert shown[0] in (0, 64) and shown != plain, flags
        assert 'No card called "nosuchcard"' in self.run("explain", "no-kernel-image", "--gpu", "nosuchcard")[1]
        self.refused("explain", "toolkit_min_driver/12.4/linux", "--os", "linux", says="nothing stated changes them")
        self.refused("explain", "209", "--binary", "/etc/hostname", says="--binary")
        assert self.json("explain", "209", "--gpu", "T4")[1]["rule"] == "no-kernel-image"

    def test_numbers_with_their_owner(self):
        for said, family, rule in (("WinError 127", "windows", "library-shadowed"),
                                   ("nvml 3", "nvml", None), ("NVML 999", "nvml", "container-lost-gpu"), ("nvidia-smi exit 9", "nvidia-smi", "driver-not-loaded"),
                                   ("nvidia-smi exit code 18", "nvidia-smi", "driver-stack-mismatch")):
            code, answer = self.json("explain", said)
            assert code == 0 and (answer["findings"][0]["family"], answer["rule"]) == (family, rule), (said, answer["findings"][:1])

    def test_driver_numbers_of_four_parts(self):
        self.refused("query", "--gpu", "T4", "--driver", "535.183.01.5", says="'535.183.01.5' is no driver version")
        assert self.json("query", "--gpu", "T4", "--driver", "27.21.14.5671")[0] == 0

    def test_unknown_numbers_are_named(self):
        for arguments, what, near in ((("--gpu", "sm_99"), "gpu", "10.0"), (("--gpu", "99.9"), "gpu", "12.1"), (("--images", "compute_90@99.9"), "ptx_isa", "9"),
                                      (("--images", "compute_90@99.9", "--gpu", "H100"), "ptx_isa", "9")):
            code, answer = self.json("query", *arguments)
            assert code == 3 and answer["missing"][0]["what"] == what, (arguments, answer["verdict"], answer["missing"])
            assert any(near in each for each in answer["missing"][0]["nearest"]) and answer["missing"][0]["known"], answer["missing"]

    def test_ptx_alone_needs_a_driver(self):
        needs = self.json("query", "--images", "compute_90@8.4")[1]["requires"]
        assert {need["os"]: need["minimum"][:3] for need in needs if need["what"] == "driver"}["linux"] == "550", needs

    def test_libraries_of_older_majors(self):
        for library, commands in (("libcudnn.so.8", ['pip install --upgrade "nvidia-cudnn-cu12<9"', 'pip install --upgrade "nvidia-cudnn-cu11<9"']),
                                  ("libcupti.so.11.7", ['pip install --upgrade "nvidia-cuda-cupti-cu11==11.7.*"']), ("libcusolver.so.10", []),
                                  ("libcublas.so.12", ['pip install --upgrade "nvidia-cublas-cu12"'])):
            _, answer = self.json("explain", f"ImportError: {library}: cannot open shared object file: No such file or directory")
            offered = [c for r in answer["findings"][0]["remedies"] for c in r["commands"] if "--upgrade" in c]
            assert offered == commands, (library, offered)

    def test_every_command_has_json(self):
        assert self.json("db", "check")[1] == {"schema": "cudacompat/db-check/1", "laws": self.json("db", "check")[1]["laws"], "offenders": []}
        assert "complete" in self.json("completion", "bash")[1]["script"]
        info = self.json("db", "info")[1]
        assert info["version"] == info["digest"] and info["edition"].startswith("20"), info
        newest = self.json("sql", "SELECT max(released) FROM build WHERE released GLOB '2*'")[1]["rows"][0][0]
        assert info["as_of"] >= newest, info


def main():
    tests = Tests(sys.argv[1])
    names = [name for name in dir(Tests) if name.startswith("test_")]
    for name in names:
        getattr(tests, name)()
    print(f"{len(names)} groups of questions are read as meant")
    return 0


if __name__ == "__main__":
    sys.exit(main())
