#!/usr/bin/env python3
"""Runs the scenarios of this folder through the executable and says which are wrong.

usage: run.py EXECUTABLE FILE.json...   Each scenario: cmd, args and what must hold: verdict, rule (any of), code
(predicted error), best (regex on builds[0] as VERSION+TAG), device ([[part of the name, verdict], ...]), remedy (regex on
the commands), advice and no_advice (regex on titles and commands of the remedies, of the first finding where the command is
explain), stdin (what it reads), requires (regex on that JSON), text and no_text (regex on the
whole output).
"""
import json
import re
import subprocess
import sys

EXIT = {"compatible": 0, "incompatible": 1, "conditional": 2, "unknown": 3}


def wrong(executable, case):
    run = subprocess.run([executable, case["cmd"], *case["args"], "--json"], capture_output=True, text=True, timeout=60,
                         input=case.get("stdin", ""))
    try:
        answer = json.loads(run.stdout)
    except json.JSONDecodeError:
        yield f"no JSON (exit {run.returncode}): {run.stderr.strip()[:200]}"
        return
    if "verdict" in case:
        if answer.get("verdict") != case["verdict"]:
            yield f"verdict {answer.get('verdict')} ({answer.get('rule')}), expected {case['verdict']}: {answer.get('summary')}"
        if run.returncode != EXIT.get(answer.get("verdict"), -1):
            yield f"exit {run.returncode} beside verdict {answer.get('verdict')}"
    if "rule" in case and answer.get("rule") not in case["rule"]:
        yield f"rule {answer.get('rule')}, expected one of {case['rule']}"
    if "code" in case and (answer.get("predicted_error") or {}).get("code") != case["code"]:
        yield f"predicted error {answer.get('predicted_error')}, expected {case['code']}"
    if "best" in case:
        build = (answer.get("builds") or [{}])[0]
        name = f"{build.get('version')}+{build.get('tag')}"
        if not re.search(case["best"], name):
            yield f"best build {name}, expected {case['best']}"
    for part, verdict in case.get("device", []):
        if not any(part in d["gpu"] + d["given"] and d["verdict"] == verdict for d in answer.get("devices", [])):
            yield f"no device like {part} with verdict {verdict}: {answer.get('devices')}"
    if "remedy" in case and not re.search(case["remedy"], json.dumps([r["commands"] for r in answer.get("remedies", [])])):
        yield f"no remedy like {case['remedy']}: {[r['commands'] for r in answer.get('remedies', [])]}"
    found = answer.get("remedies") or (answer.get("findings") or [{}])[0].get("remedies", [])
    advice = json.dumps([[r["title"], r["commands"]] for r in found])
    if "advice" in case and not re.search(case["advice"], advice):
        yield f"no advice like {case['advice']}: {advice}"
    if "no_advice" in case and re.search(case["no_advice"], advice):
        yield f"advice like {case['no_advice']}: {advice}"
    if "requires" in case and not re.search(case["requires"], json.dumps(answer.get("requires"))):
        yield f"requires {answer.get('requires')}, expected {case['requires']}"
    if "no_text" in case and re.search(case["no_text"], run.stdout):
        yield f"output has something like {case['no_text']}"
    if "text" in case and not re.search(case["text"], run.stdout):
        yield f"output has nothing like {case['text']}"


def main():
    executable, files = sys.argv[1], sys.argv[2:]
    passed = failed = 0
    for name in files:
        with open(name, encoding="utf-8") as file:
            for case in json.load(file):
                faults = list(wrong(executable, case))
                passed, failed = (passed, failed + 1) if faults else (passed + 1, failed)
                for fault in faults:
                    print(f"{name.rsplit('/', 1)[-1]} {case['id']}: {' '.join(case['args'])}\n    {fault}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
