#!/usr/bin/env python3
"""Every remedy that was worked out is followed, and the changed question asked again: it must be compatible. Where no driver
was stated, a remedy that installs a build says which driver that needs: with that one it must be compatible.

usage: closed_loop.py EXECUTABLE
"""
import itertools
import json
import re
import subprocess
import sys

CARDS = ["GTX 760", "GTX 1080", "Tesla V100", "RTX 3090", "H100", "RTX 5090"]
DRIVERS = [("linux", "470.57.02"), ("linux", "535.183.01"), ("linux", "590.48.01"), ("windows", "528.02"), ("wsl", "551.88")]
SUBJECTS = [["--torch", "2.6.0+cu124"], ["--torch", "2.9.0+cu130"], ["--package", "tensorflow==2.15"], ["--package", "jax[cuda12]==0.4.30"],
            ["--package", "cupy-cuda13x"], ["--cuda", "11.7"], ["--cuda", "13.0"], ["--images", "sm_75,compute_90@8.4:zstd"]]
PARTS = re.compile(r"^(\S+) ([0-9][^\s+]*)(?:\+(\S+))?$")


def ask(executable, arguments):
    run = subprocess.run([executable, "query", *arguments, "--json"], capture_output=True, text=True, timeout=60)
    return json.loads(run.stdout)


def followed(remedy, card, system, driver, subject):
    """What would be asked after the remedy; None for advice that no question can hold."""
    title = remedy["title"]
    build = re.search(r"(?:Install|then|where) (\S+ [0-9][^\s:,]*)", title)
    number = re.search(r"driver ([0-9]+(?:\.[0-9]+)+)", title)
    toolkit = re.search(r"(?:Install|then) CUDA toolkit ([0-9.]*[0-9])", title)
    if "cuda-compat" in title:
        return None
    target = ["--gpu", card, "--os", system]
    if "driver" in remedy["changes"] and number:
        driver = number[1]
    elif "driver" in remedy["changes"]:
        return None
    if "package" in remedy["changes"]:
        parts = PARTS.match(build[1]) if build and not title.startswith("If ") else None
        if parts is None:
            return None
        subject = ["--package", f"{parts[1]}=={parts[2]}" + (f"+{parts[3]}" if parts[3] else "")]
    elif toolkit:
        subject = ["--cuda", toolkit[1]]
    elif remedy["changes"] != ["driver"]:
        return None
    return [*target, "--driver", driver, *subject] if driver else [*target, *subject]


def on_named_driver(executable):
    """How many remedies that install a build were asked again with the driver that they name, and what was wrong."""
    asked, failed = 0, 0
    for card, system, subject in itertools.product(CARDS, ["linux", "windows", "wsl"], SUBJECTS):
        question = ["--gpu", card, "--os", system, *subject]
        for remedy in ask(executable, question)["remedies"]:
            changed = followed(remedy, card, system, None, subject)
            if changed is None or remedy["changes"] != ["package"]:
                continue
            asked += 1
            floors = [r.get("sure_from", r["minimum"]) for r in remedy["requires"] if r["what"] == "driver" and r["os"] == system]
            answer = ask(executable, [*changed, "--driver", floors[0]]) if floors else {"verdict": "no driver is named", "rule": "-"}
            if answer["verdict"] != "compatible":
                failed += 1
                print(f"{' '.join(question)}\n    {remedy['title']}\n    {' '.join(changed)} on {floors}: {answer['verdict']} ({answer['rule']})")
    print(f"{asked} remedies asked again on the driver that they name, {failed} failed")
    return asked, failed


def main():
    executable, followed_count, failed = sys.argv[1], 0, 0
    for card, (system, driver), subject in itertools.product(CARDS, DRIVERS, SUBJECTS):
        question = ["--gpu", card, "--os", system, "--driver", driver, *subject]
        for remedy in ask(executable, question)["remedies"]:
            changed = followed(remedy, card, system, driver, subject)
            if changed is None:
                continue
            followed_count += 1
            answer = ask(executable, changed)
            if answer["verdict"] != "compatible":
                failed += 1
                print(f"{' '.join(question)}\n    {remedy['title']}\n    {' '.join(changed)}: {answer['verdict']} ({answer['rule']})")
    print(f"{followed_count} remedies followed, {failed} failed")
    asked, failed_there = on_named_driver(executable)
    return 1 if failed or followed_count < 100 or failed_there or asked < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
