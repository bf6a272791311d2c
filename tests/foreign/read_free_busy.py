"""Reads files of free and busy times with PyPI packages and prints when each says that somebody is busy.

    python read_free_busy.py file.ifb...

Prints a JSON array with, for each file, an object of {package: [[start, end], ...]}, instants as 2026-10-07T00:00:00Z.
"""

import json
import sys
from datetime import timezone
from pathlib import Path

import icalendar
import vobject


def instant(at):
    assert at.tzinfo is not None, at
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def spans(periods):
    for start, end in periods:
        yield [instant(start), instant(end if hasattr(end, "tzinfo") else start + end)]


def with_icalendar(octets):
    calendar = icalendar.Calendar.from_ical(octets)
    (component,) = calendar.walk("VFREEBUSY")
    missing = [name for name in (*component.required, *calendar.required) if name not in (*component, *calendar)]
    assert not component.errors and not missing, (component.errors, missing)
    periods = component.get("FREEBUSY", [])
    periods = periods if isinstance(periods, list) else [periods]
    return [span for one in periods for span in spans((period.start, period.end) for period in getattr(one, "periods", [one]))]


def with_vobject(octets):
    component = vobject.readOne(octets.decode()).vfreebusy
    lines = component.contents.get("freebusy", [])
    return [span for line in lines for span in spans(line.value)]


READERS = {"icalendar": with_icalendar, "vobject": with_vobject}

print(json.dumps([{name: read(Path(path).read_bytes()) for name, read in READERS.items()} for path in sys.argv[1:]]))
