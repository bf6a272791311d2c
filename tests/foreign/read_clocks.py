"""Says what the clocks of a place make of times on the wall, by Python's zoneinfo.

    python read_clocks.py Africa/Casablanca <walls

Reads one local time a line, 2026-02-14T09:00:00, and prints one line for each:

    once INSTANT WALL                the instant, and what the clocks show then
    twice WALL WALL                  the clocks show it twice: each with its offset, the earlier first
    skipped WALL WALL                they never do: what they show at the instants meant by the offset before and after
"""

import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo


def main(name):
    zone = ZoneInfo(name)
    walls = sys.stdin.read().split()
    print("\n".join(said(datetime.fromisoformat(wall), zone) for wall in walls))


def said(wall, zone):
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1))
    shown = [at.astimezone(zone) for at in (first, second)]
    if first == second:
        return f"once {first.strftime('%Y-%m-%dT%H:%M:%SZ')} {shown[0].isoformat()}"
    word = "twice" if shown[0].replace(tzinfo=None) == wall else "skipped"
    return f"{word} {shown[0].isoformat()} {shown[1].isoformat()}"


if __name__ == "__main__":
    main(sys.argv[1])
