"""Checks an export of the audit log (GET /audit-entries/export) with nothing but Python's own library.

    verify_audit.py KEY < export.ndjson

KEY is the audit key. Every seal is HMAC-SHA-256(KEY; the 32 bytes of the seal before, the entry as canonical JSON); every
value beside an entry is vouched for by HMAC-SHA-256(salt; the value as canonical JSON). An entry about a sealed group may be
withheld from whoever asked for the export: the chain then goes on from its seal, unproven. Prints what was checked, or
the first thing that does not fit and ends with 1.
"""

import hashlib
import hmac
import json
import sys


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).hexdigest()


def check_values(entry, values):
    """Values that are there are those of then; how many were erased since."""
    recorded = dict(entry["personal"])
    for value in values:
        commitment = recorded.pop(value["field"], None)
        made = mac(value["salt"].encode(), canonical(value["value"]))
        if commitment != {"subject": value["subject"], "hash": made}:
            raise ValueError(f"value '{value['field']}' of entry {entry['seq']} is not the one that was recorded")
    return len(recorded)


def check(key, lines):
    first, *middle, last = [json.loads(line) for line in lines]
    seq, seal = first["after"], first["seal"] or "0" * 64
    sealed = erased = withheld = 0
    for line in middle:
        seq += 1
        if line.get("sealed") == seq:
            seal, withheld = line["seal"] or seal, withheld + 1
            continue
        entry = line["entry"]
        if entry["seq"] != seq:
            raise ValueError(f"entry {seq} is missing or moved")
        erased += check_values(entry, line["values"])
        if line["seal"] is None:
            if last["head"] and seq <= int(last["head"].split(":")[0]):
                raise ValueError(f"entry {seq} lost its seal")
            continue
        if mac(key, bytes.fromhex(seal), canonical(entry)) != line["seal"]:
            raise ValueError(f"entry {seq} is not what was sealed")
        seal, sealed = line["seal"], sealed + 1
        if last["head"] and last["head"].startswith(f"{seq}:") and last["head"] != f"{seq}:{seal}":
            raise ValueError("the log does not lead to its head")
    if not last["more"] and seq != first["entries"]:
        raise ValueError(f"the log ends with entry {seq} and not with {first['entries']}")
    without = f", {withheld} withheld" if withheld else ""
    return f"{len(middle)} entries, {sealed} sealed, {erased} values erased{without}: whole"


try:
    print(check(sys.argv[1].encode(), sys.stdin.read().splitlines()))
except ValueError as fault:
    print(f"FAULT: {fault}")
    sys.exit(1)
