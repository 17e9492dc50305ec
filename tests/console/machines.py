#!/usr/bin/env python3
"""Machines as people have them, end to end: what the program answers, and that it names no second, wrong cause. usage: machines.py EXECUTABLE FIXTURES

reports: query --target and doctor --target over reports/*.txt; expected.tsv says the verdict and rule of each.
logs:    explain over logs/*.log; expected.tsv says rule, class and line.
mixes:   doctor over recorded machines with something changed (mixes_*.py): two faults at once, another driver, card, system, Python.
"""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the folder is the source's

import mixes_cards
import mixes_driver
import mixes_packages  # noqa: F401
import mixes_systems  # noqa: F401: its mixes
from recorded import EXECUTABLE, FIXTURES, MIXES, on, run

EXIT = {"compatible": 0, "incompatible": 1, "conditional": 2, "unknown": 3}
passed = 0
failed = 0


def check(name, holds, message):
    global passed, failed
    passed, failed = (passed + 1, failed) if holds else (passed, failed + 1)
    if not holds:
        print(f"{name}: {message}")


def rows(folder):
    with open(os.path.join(FIXTURES, folder, "expected.tsv"), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]


def reports():
    names = {name[:-4] for name in os.listdir(os.path.join(FIXTURES, "reports")) if name.endswith(".txt")}
    table = rows("reports")
    check("reports", names == {row[0] for row in table}, f"expected.tsv differs from the folder: {names ^ {row[0] for row in table}}")
    for name, verdict, rule, doctor in table:
        path = os.path.join(FIXTURES, "reports", name + ".txt")
        answer = run("query", "--target", path)
        said = json.loads(answer.stdout)
        check(name, (said["verdict"], said["rule"]) == (verdict, rule), f"query says {said['verdict']} {said['rule']}, expected {verdict} {rule}")
        check(name, answer.returncode == EXIT[said["verdict"]], f"exit {answer.returncode}")
        with open(path[:-4] + ".json", encoding="utf-8") as file:
            host = json.load(file)
        host = host[0] if isinstance(host, list) else host
        for key in ("os", "platform", "kernel_driver", "cuda_driver", "available"):
            if host.get(key) and not said.get("hosts"):
                check(name, said["target"][key] == host[key], f"target.{key} is {said['target'][key]}, expected {host[key]}")
        examined = json.loads(run("doctor", "--target", path).stdout)
        check(name, examined["rule"] == doctor, f"doctor says {examined['rule']}, expected {doctor}: {examined['summary']}")
        beside = [step["detail"] for step in examined["steps"] if "Nothing that is known" in step["detail"] and examined["rule"] != "works-by-facts-but-fails"]
        check(name, not beside, f"doctor says beside {examined['rule']}: {beside}")
        check(name, len(examined["findings"]) <= 1, f"doctor names {[finding['rule'] for finding in examined['findings']]}")


def logs():
    for name, line, rule, cls, others in rows("logs"):
        answer = run("explain", os.path.join(FIXTURES, "logs", name + ".log"))
        said = json.loads(answer.stdout)
        if rule == "none":
            check(name, answer.returncode == 3 and not said["findings"], f"something was recognised: {said['rule']}")
            continue
        wanted = (None if rule == "-" else rule, cls)
        check(name, (said["rule"], said["class"]) == wanted, f"explain says {said['rule']} {said['class']}, expected {wanted}")
        check(name, answer.returncode == 0 and str(said["findings"][0]["line"]) == line, f"line {said['findings'][0]['line']}, expected {line}")
        for remedy in said["findings"][0]["remedies"]:
            driver = remedy["changes"] == ["driver"] and cls in ("library", "package", "build", "memory", "program")
            check(name, not driver, f"a driver is advised: {remedy['title']}")


def mixes():
    for name, function, rule, causes, checks, says, advised, remedies, no_remedies in MIXES:
        machine = function()
        said = json.loads(run("doctor", "--target", "-", text=json.dumps(machine)).stdout)
        found = [finding["rule"] for finding in said["findings"]]
        check(name, said["rule"] == rule, f"doctor says {said['rule']}, expected {rule}: {said['summary']}")
        check(name, len(found) == causes, f"causes {found}, expected {causes}")
        told = " ".join([said["summary"]] + [caveat["summary"] for caveat in said["caveats"]])
        for words in says:
            check(name, words in told, f"the answer does not say {words!r}: {said['summary']}")
        printed = str([(remedy["title"], remedy["commands"], remedy["risk"]) for remedy in said["remedies"]]).replace("\\'", "'")
        for words in remedies:
            check(name, words in printed, f"no remedy says {words!r}: {printed}")
        for words in no_remedies:
            check(name, words not in printed, f"a remedy says {words!r}: {printed}")
        for cause, words in advised.items():
            titles = [remedy["title"] for finding in said["findings"] + said["later"] if finding["rule"] == cause for remedy in finding["remedies"]]
            check(name, any(words in title for title in titles), f"no remedy of {cause} says {words!r}: {titles}")
        for step, follows in checks.items():
            seen = next(each for each in said["steps"] if each["check"] == step)
            is_so = seen["status"] != "failed" if follows == "-" else seen["status"] == "failed" and seen["follows"] == follows
            check(name, is_so, f"check {step} is {seen['status']} and follows {seen['follows']}, expected {follows}")
        hosted = machine["platform"] == "hosted" or machine["arch"] == "tegra"
        for finding in said["findings"]:
            check(name, bool(finding["remedies"]), "no remedy")
            for remedy in finding["remedies"]:
                check(name, not (hosted and remedy["changes"] == ["driver"]), f"a driver is advised: {remedy['title']}")


def old_cards():
    """No system's command brings a card before Turing the newest branch or the open modules."""
    for function in mixes_driver.pascal_590_with_a_build_for_newer_cards, mixes_driver.flavour_of_a_pascal:
        for system, command in ('arch', None), ('fedora', 'akmod-nvidia-580xx'), ('rocky', None), ('opensuse-leap', None), ('debian', None):
            said = json.loads(run("doctor", "--target", "-", text=json.dumps(on(function(), system))).stdout)
            remedies = [remedy for finding in said["findings"] + said["later"] for remedy in finding["remedies"]]
            commands = [line for remedy in remedies for line in remedy["commands"]]
            check(f"{function.__name__} on {system}", any(remedy["changes"] == ["driver"] for remedy in remedies), "no driver is advised")
            for line in commands:
                newest = any(word in line.split() for word in ("nvidia-open", "nvidia-open-dkms", "akmod-nvidia", "nvidia-driver", "ubuntu-drivers"))
                check(f"{function.__name__} on {system}", not newest, f"the newest branch is advised: {line}")
            check(f"{function.__name__} on {system}", command is None or command in str(commands), f"no {command}: {commands}")


def programs():
    """What doctor alone asks for is no fault of a program: it gets the other cards."""
    for function, verdict in (mixes_cards.list_cut_in_the_middle, 'compatible'), (mixes_cards.two_cards_one_lost_in_a_job, 'compatible'), (mixes_cards.list_cut_at_its_first_entry, 'incompatible'):
        answer = run("query", "--target", "-", text=json.dumps(function()))
        said = json.loads(answer.stdout)
        check(function.__name__, said["verdict"] == verdict and answer.returncode == EXIT[verdict], f"query says {said['verdict']} {said['rule']}, expected {verdict}: {said['summary']}")


def stated():
    """A card and a driver that are stated are judged, and not the machine's own."""
    def ask(host, *flags):
        return json.loads(run("doctor", "--root", os.path.join(FIXTURES, "hosts", host), *flags).stdout)

    for host, flags, rule in (("native-image", ("--gpu", "GTX 760", "--driver", "550.54.14"), "gpu-dropped-by-driver"),
                              ("gpu-init-failed", ("--gpu", "RTX 4090", "--driver", "550.54.14"), "target-consistent"),
                              ("gpu-dropped-by-driver", ("--gpu", "RTX 4090", "--driver", "550.54.14"), "native-image"),
                              ("framework-not-installed", ("--gpu", "RTX 4090", "--driver", "550.54.14"), "target-consistent"),
                              ("native-image", ("--driver", "450.80.02"), "driver-too-old")):
        said = ask(host, *flags)
        check(f"{host} {flags}", said["rule"] == rule, f"doctor says {said['rule']}, expected {rule}: {said['summary']}")
        for step in said["steps"]:
            by_hand = step["check"] in ("card", "module", "init", "memory", "card-starts", "device-files", "uvm")
            check(f"{host} {flags}", not by_hand or step["status"] == "skipped", f"check {step['check']} is {step['status']}: {step['detail']}")
    # What is typed is to be installed: what is there, or is not there yet, does not speak against it.
    for host, flags, rule in (("framework-not-installed", ("--torch", "2.6.0+cu124"), "native-image"),
                              ("framework-not-installed", ("--cuda", "12.4"), "driver-sufficient"),
                              ("wrong-python", ("--images", "sm_89"), "native-image"),
                              ("library-missing", ("--torch", "2.7.0+cu126"), "native-image"),
                              ("library-missing", ("--torch", "2.6.0+cu124"), "library-missing")):  # the one that is there
        said = json.loads(run("query", "--root", os.path.join(FIXTURES, "hosts", host), *flags).stdout)
        check(f"query {host} {flags}", said["rule"] == rule, f"query says {said['rule']}, expected {rule}: {said['summary']}")
    text = "$ nvidia-smi\nNVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n$ pip freeze\ntorch==2.6.0+cu124\n"
    said = json.loads(run("doctor", "--target", "-", "--gpu", "RTX 4090", "--driver", "550.54.14", text=text).stdout)
    check("stated pair and a report of a fault", said["rule"] == "native-image", f"doctor says {said['rule']}: {said['summary']}")
    said = ask("no-gpu", "--driver", "550.54.14")
    check("a driver and no card", (said["verdict"], said["rule"]) == ("unknown", "unknown-gpu"), f"doctor says {said['verdict']} {said['rule']}: {said['summary']}")
    said = json.loads(run("doctor", "--gpu", "RTX 4090", "--driver", "550.54.14").stdout)
    check("stated pair alone", said["steps"][0]["detail"] == "the card or the driver is stated by hand", said["steps"][0]["detail"])
    check("stated pair alone", "RTX 4090" in str(said["steps"]), "the card that was stated is not named")
    for flags in (("--driver", "99999"), ("--os", "windows")):
        said = ask("native-image", *flags)
        check("stated and unknown: " + flags[1], (said["verdict"], said["rule"]) == ("unknown", "unknown-driver"), f"doctor says {said['verdict']} {said['rule']}: {said['summary']}")
    said = json.loads(run("query", "--root", os.path.join(FIXTURES, "hosts", "driver-defect")).stdout)
    check("query of a defect that doctor sees", (said["verdict"], said["rule"]) == ("conditional", "driver-defect"), f"query says {said['verdict']} {said['rule']}: {said['summary']}")


def two_hosts():
    """Two hosts of one paste are one object of device too, and that is read back as two."""
    report = os.path.join(FIXTURES, "reports", "smi_two_hosts.txt")
    record = json.loads(run("device", "--target", report).stdout)
    check("two hosts", len(record.get("hosts", [])) == 2, f"device has {record.keys()}")
    pick = lambda answer: [(host["verdict"], host["rule"]) for host in answer["hosts"]]
    direct, again = json.loads(run("query", "--target", report).stdout), json.loads(run("query", "--target", "-", text=json.dumps(record)).stdout)
    check("two hosts read back", pick(direct) == pick(again), f"{pick(direct)} and {pick(again)}")


def closed_root():
    """A folder that this user may not read is bad input; root may read any, so another user asks."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o000)
        become = (lambda: os.setuid(65534)) if os.getuid() == 0 else None
        for command in (["doctor"], ["device"], ["query"]):
            answer = subprocess.run([EXECUTABLE, *command, "--root", folder], capture_output=True, text=True, timeout=60, preexec_fn=become)
            check(f"{command[0]} on a closed folder", answer.returncode == 65 and not answer.stdout, f"exit {answer.returncode}: {answer.stdout}{answer.stderr}")
        os.chmod(folder, 0o700)


reports()
logs()
mixes()
old_cards()
programs()
stated()
two_hosts()
closed_root()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
