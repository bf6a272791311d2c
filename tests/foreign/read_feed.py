"""Reads a calendar file with the PyPI package `icalendar` and prints what a subscriber would see.

    python read_feed.py feed.ics

Prints a JSON array, sorted by uid, of {uid, summary, start_utc, end_utc, status, sequence, location}. Instants are
written 2019-10-07T00:00:00Z, whole days 2019-10-07; what an entry lacks is null. Ends with an error when the reader
complains, when a required property is missing or when a time floats, that is, has neither zone nor UTC.
"""

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from icalendar import Calendar


def main(path):
    calendar = Calendar.from_ical(Path(path).read_bytes())
    for component in calendar.walk():
        refuse_faults(component)
    if calendar.get_missing_tzids():
        sys.exit(f"zones without a definition: {calendar.get_missing_tzids()}")
    entries = sorted((entry(event) for event in calendar.walk("VEVENT")), key=lambda entry: entry["uid"])
    print(json.dumps(entries, indent=1))


def refuse_faults(component):
    missing = [name for name in component.required if name not in component]
    if component.errors or missing:
        sys.exit(f"{component.name}: errors {component.errors}, missing {missing}")


def entry(event):
    return {
        "uid": text(event, "UID"),
        "summary": text(event, "SUMMARY"),
        "start_utc": time(event["DTSTART"].dt),
        "end_utc": time(event["DTEND"].dt),
        "status": text(event, "STATUS"),
        "sequence": int(event.get("SEQUENCE", 0)),
        "location": text(event, "LOCATION"),
    }


def text(event, name):
    return str(event[name]) if name in event else None


def time(value):
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        sys.exit(f"a time floats: {value}")
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main(sys.argv[1])
