"""Runs `plenum solve` on bilateral timetable instances, has check.py of the data judge every answer, and prints a table.

usage: measure.py published|synthetic [--solver PLENUM] [--data DIRECTORY] [--seconds 1,10,30]

The data are those of DIRECTORY, `../shared/data/bilaterals` if nothing is said: its check.py, its published/ with
best-known.csv, its synthetic/. Fails where a target is missed (docs/CLAIMS.md, bilaterals.published and bilaterals.synthetic). CPU time is the kernel's account of the process.
"""

import argparse
import csv
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

# What an earlier search of ours reached: unplaced weight and breaks after 1 and 10 CPU seconds.
REACHED = {
    "s60-1": {1: (16, 22), 10: (16, 19)}, "s60-2": {1: (30, 11), 10: (30, 10)}, "s60-3": {1: (25, 12), 10: (25, 10)},
    "s179-1": {1: (45, 17), 10: (45, 16)}, "s179-2": {1: (48, 22), 10: (48, 22)}, "s179-3": {1: (47, 15), 10: (47, 15)},
    "s500-1": {1: (267, 2818), 10: (265, 192)},
}


def solve(options, path, seconds, difference=None):
    command = [options.solver, "solve", str(path), "--seconds", str(seconds)]
    if difference is not None:
        command += ["--max-break-difference", str(difference)]
    before = os.times()
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    after = os.times()
    answer["cpu"] = after.children_user + after.children_system - before.children_user - before.children_system
    instance = json.loads(path.read_text())
    if difference is not None:
        instance["max_break_difference"] = difference
    judged = options.check.evaluate(instance, answer["slot"])
    incomplete = answer["status"] in ("infeasible", "unknown")
    broken = [fault for fault in judged["hard"] if not (incomplete and fault.startswith(("mandatory", "locked", "fairness")))]
    if broken or (judged["unplaced_weight"], judged["breaks"]) != (answer["unplaced_weight"], answer["breaks"]):
        judged["hard"] = judged["hard"][:5]
        sys.exit(f"{path.name}: the judge says {judged}, the answer {answer['unplaced_weight']}, {answer['breaks']}")
    return answer


def published(options):
    rows = list(csv.DictReader((options.data / "published" / "best-known.csv").open()))
    kept = True
    for seconds in options.seconds:
        best = proven = near = 0
        for row in rows:
            path = options.data / "published" / f"{row['instance']}.json"
            answer = solve(options, path, seconds, int(row["fairness_d"]))
            known = row["best_known"]
            impossible = answer["status"] == "infeasible"
            complete = answer["status"] in ("optimal", "feasible")
            above = answer["breaks"] - int(known) if known != "infeasible" and complete else None
            if impossible != (known == "infeasible") and (impossible or answer["status"] == "optimal"):
                sys.exit(f"{row}: said to be {answer['status']}")
            best += impossible or above == 0
            near += impossible or (above is not None and above <= 2)
            proven += answer["status"] in ("optimal", "infeasible")
            if answer["status"] not in ("optimal", "infeasible"):
                print(f"  {row['instance']:<28} d={row['fairness_d']} known {known:>10}: {answer['status']}, "
                      f"weight {answer['unplaced_weight']}, breaks {answer['breaks']}, at least {answer['least_breaks']}")
        count = len(rows)
        print(f"{seconds} CPU s: best {best}/{count}, at most 2 above {near}/{count}, proven {proven}/{count}", flush=True)
        if seconds == 1:
            kept &= near == count and best >= 0.75 * count
        kept &= proven >= {10: 0.9, 30: 1.0}.get(seconds, 0) * count
    return kept


def synthetic(options):
    kept = True
    for seconds in options.seconds:
        for name, reached in REACHED.items():
            answer = solve(options, options.data / "synthetic" / f"{name}.json", seconds)
            own, other = (answer["unplaced_weight"], answer["breaks"]), reached.get(seconds)
            verdict = "" if other is None else "kept" if own <= other else "MISSED"
            kept &= verdict != "MISSED"
            print(f"{seconds} CPU s: {name:<7} {own}, weight at least {answer['least_unplaced_weight']}, "
                  f"before {other} {verdict}", flush=True)
    return kept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["published", "synthetic"])
    parser.add_argument("--solver", default="target/release/plenum")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/bilaterals"))
    parser.add_argument("--seconds", type=lambda text: [int(one) for one in text.split(",")])
    options = parser.parse_args()
    spec = importlib.util.spec_from_file_location("check", options.data / "check.py")
    options.check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(options.check)
    options.seconds = options.seconds or ([1, 10, 30] if options.what == "published" else [1, 10])
    sys.exit(0 if {"published": published, "synthetic": synthetic}[options.what](options) else "a target is missed")


if __name__ == "__main__":
    main()
