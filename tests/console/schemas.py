#!/usr/bin/env python3
"""Validates the JSON of real commands against docs/schema with python3-jsonschema. usage: schemas.py EXECUTABLE SCHEMA_DIR"""
import glob
import json
import os
import subprocess
import sys

import jsonschema

COMMANDS = {
    "answer": [
        ["query", "--gpu", "MX450", "--torch", "cu124", "--why"],
        ["query", "--gpu", "MX250"],
        ["query", "--gpu", "RTX 9999", "--torch", "cu124"],
        ["query", "--gpu", "GT 730", "--torch", "2.6.0"],
        ["query", "--torch", "2.6.0+cu124"],
        ["query", "--driver", "460.80", "--os", "linux"],
        ["query", "--cuda", "12.4", "--gpu", "V100", "--gpu", "RTX 5090"],
        ["query", "--gpu", "RTX 5090", "--images", "sm_90a,compute_90"],
        ["query", "--torch", "9.9.9"],
    ],
    "explain": [["explain", "209"], ["explain", "no-kernel-image"], ["explain", "toolkit_min_driver/12.4/linux"], ["explain", "no such thing at all"],
                ["explain", "RuntimeError: No CUDA GPUs are available"]],
    "list": [["list", "gpus", "--capability", "7.5"], ["list", "builds", "torch", "--tag", "cu124"], ["list", "architectures"], ["sql", "SELECT 1 AS one, 1.5 AS half, NULL AS none"]],
    "db": [["db", "info"], ["db", "check"]],
    "completion": [["completion", "bash"]],
    "show": [["query", "--gpu", "MX450", "--show", "ast"], ["query", "--gpu", "MX450", "--show", "sql"]],
    "device": [["device"]],
    "doctor": [["doctor", "--no-launch"]],
}
# Recorded machines and reports: each is asked in these ways.
HOSTS = {"device": ["device", "--root"], "doctor": ["doctor", "--root"], "answer": ["query", "--root"]}
REPORTS = {"device": ["device", "--target"], "doctor": ["doctor", "--target"], "answer": ["query", "--target"]}


def over(folder, ways, pattern):
    for path in sorted(glob.glob(os.path.join(folder, pattern))):
        for name, command in ways.items():
            COMMANDS[name].append([*command, path])


def read(text):
    """One object, whatever was asked."""
    return [json.loads(text)] if text else []


def main():
    executable, folder = sys.argv[1:]
    passed = failed = 0
    fixtures = os.path.join(folder, "..", "..", "tests", "fixtures")
    over(os.path.join(fixtures, "hosts"), HOSTS, "*")
    over(os.path.join(fixtures, "reports"), REPORTS, "smi_*.txt")
    for name, commands in COMMANDS.items():
        with open(f"{folder}/{name}.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(schema)
        for command in commands:
            run = subprocess.run([executable, *command, "--json"], capture_output=True, text=True, timeout=60)
            answers = read(run.stdout)
            errors = [error for answer in answers for error in jsonschema.Draft7Validator(schema).iter_errors(answer)]
            if not answers:
                errors = [jsonschema.ValidationError(run.stderr)]
            passed, failed = (passed, failed + 1) if errors else (passed + 1, failed)
            for error in errors[:3]:
                print(f"{' '.join(command)}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
