"""Reads calendar files with several PyPI packages, and with libical where it is installed, and prints what a subscriber of each would see.

    python read_feed.py feed.ics...

Prints a JSON array with, for each file, an object of {package: entries}. Entries are sorted by uid, each {uid, summary,
start_utc, end_utc, status, sequence, location, description}, and of some packages categories. Instants are written
2019-10-07T00:00:00Z, whole days 2019-10-07; what an entry lacks is null. A package that refuses the file, that complains,
that misses a required property or that finds a time without zone has {error} instead of entries.
"""

import ctypes.util
import json
import sys
from datetime import date, datetime, timezone
from pathlib import Path

import ics
import icalendar
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream


def main(paths):
    print(json.dumps([read(Path(path).read_bytes()) for path in paths]))


def read(octets):
    return {name: attempt(reader, octets) for name, reader in READERS.items()}


def attempt(reader, octets):
    try:
        return sorted(reader(octets), key=lambda entry: entry["uid"] or "")
    except Exception as error:  # Whatever it is: the package does not take the file.
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def with_icalendar(octets):
    calendar = checked(octets)
    return [of_icalendar(event) for event in calendar.walk("VEVENT")]


def with_recurring_ical_events(octets):
    """Each entry as it is found at its own time; one that cannot be found there is missing."""
    query = recurring_ical_events.of(checked(octets))
    return [of_icalendar(event) for event in query.all()]


def checked(octets):
    calendar = icalendar.Calendar.from_ical(octets)
    for component in calendar.walk():
        missing = [name for name in component.required if name not in component]
        if component.errors or missing:
            raise ValueError(f"{component.name}: errors {component.errors}, missing {missing}")
    if calendar.get_missing_tzids():
        raise ValueError(f"zones without a definition: {calendar.get_missing_tzids()}")
    return calendar


def of_icalendar(event):
    text = lambda name: str(event[name]) if name in event else None
    return {
        "uid": text("UID"),
        "summary": text("SUMMARY"),
        "start_utc": time(event["DTSTART"].dt),
        "end_utc": time(event["DTEND"].dt),
        "status": text("STATUS"),
        "sequence": int(event.get("SEQUENCE", 0)),
        "location": text("LOCATION"),
        "description": text("DESCRIPTION"),
        "categories": [str(category) for category in event.categories],
    }


def with_ics(octets):
    calendar = ics.Calendar(octets.decode())
    return [
        {
            "uid": event.uid,
            "summary": event.name,
            "start_utc": event.begin.date().isoformat() if event.all_day else time(event.begin.datetime),
            "end_utc": event.end.date().isoformat() if event.all_day else time(event.end.datetime),
            "status": event.status,
            "sequence": next((int(line.value) for line in event.extra if line.name == "SEQUENCE"), 0),
            "location": event.location,
            "description": event.description,
        }
        for event in calendar.events
    ]


def with_vobject(octets):
    calendar = vobject.readOne(octets.decode())
    calendar.validate(raiseException=True)
    value = lambda event, name: getattr(event, name).value if hasattr(event, name) else None
    return [
        {
            "uid": value(event, "uid"),
            "summary": value(event, "summary"),
            "start_utc": time(value(event, "dtstart")),
            "end_utc": time(value(event, "dtend")),
            "status": value(event, "status"),
            "sequence": int(value(event, "sequence") or 0),
            "location": value(event, "location"),
            "description": value(event, "description"),
        }
        for event in calendar.contents.get("vevent", [])
    ]


def with_ical(octets):
    calendar = IcsCalendarStream.calendar_from_ics(octets.decode())
    return [
        {
            "uid": event.uid,
            "summary": event.summary,
            "start_utc": time(event.dtstart),
            "end_utc": time(event.dtend),
            "status": event.status and event.status.value,
            "sequence": event.sequence or 0,
            "location": event.location,
            "description": event.description,
        }
        for event in calendar.events
    ]


def with_libical(octets):
    """The C library of Evolution, KDE and Cyrus: its parser, its count of errors, its check of what must be there."""
    root = LIBICAL.icalparser_parse_string(octets)
    if not root:
        raise ValueError("not a calendar")
    try:
        LIBICAL.icalrestriction_check(root)
        if count := LIBICAL.icalcomponent_count_errors(root):
            raise ValueError(f"{count} errors")
        kind = LIBICAL.icalcomponent_string_to_kind(b"VEVENT")
        event = LIBICAL.icalcomponent_get_first_component(root, kind)
        entries = []
        while event:
            entries.append(of_libical(event))
            event = LIBICAL.icalcomponent_get_next_component(root, kind)
        return entries
    finally:
        LIBICAL.icalcomponent_free(root)


def of_libical(event):
    text = lambda function: (value := function(event)) and value.decode()
    return {
        "uid": text(LIBICAL.icalcomponent_get_uid),
        "summary": text(LIBICAL.icalcomponent_get_summary),
        "start_utc": written(event, b"DTSTART"),
        "end_utc": written(event, b"DTEND"),
        "status": written(event, b"STATUS"),
        "sequence": int(written(event, b"SEQUENCE") or 0),
        "location": text(LIBICAL.icalcomponent_get_location),
        "description": text(LIBICAL.icalcomponent_get_description),
    }


def written(event, name):
    """A value as libical writes it again; of times, in the form of the others."""
    kind = LIBICAL.icalproperty_string_to_kind(name)
    found = LIBICAL.icalcomponent_get_first_property(event, kind)
    value = LIBICAL.icalproperty_get_value_as_string(found).decode() if found else None
    if not name.startswith(b"DT"):
        return value
    for form, shown in (("%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ"), ("%Y%m%d", "%Y-%m-%d")):
        try:
            return datetime.strptime(value, form).strftime(shown)
        except ValueError:
            continue
    raise ValueError(f"a time floats: {value}")


def load_libical():
    name = ctypes.util.find_library("ical")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    for function, result in {
        "icalparser_parse_string": ctypes.c_void_p,
        "icalcomponent_get_first_component": ctypes.c_void_p,
        "icalcomponent_get_next_component": ctypes.c_void_p,
        "icalcomponent_get_first_property": ctypes.c_void_p,
        "icalcomponent_get_uid": ctypes.c_char_p,
        "icalcomponent_get_summary": ctypes.c_char_p,
        "icalcomponent_get_location": ctypes.c_char_p,
        "icalcomponent_get_description": ctypes.c_char_p,
        "icalproperty_get_value_as_string": ctypes.c_char_p,
    }.items():
        getattr(library, function).restype = result
    for function in ("icalrestriction_check", "icalcomponent_count_errors", "icalcomponent_free",
                     "icalcomponent_get_uid", "icalcomponent_get_summary", "icalcomponent_get_location",
                     "icalcomponent_get_description", "icalproperty_get_value_as_string"):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    for function in ("icalcomponent_get_first_component", "icalcomponent_get_next_component",
                     "icalcomponent_get_first_property"):
        getattr(library, function).argtypes = [ctypes.c_void_p, ctypes.c_int]
    return library


def time(value):
    if not isinstance(value, datetime):
        assert isinstance(value, date)
        return value.isoformat()
    if value.tzinfo is None:
        raise ValueError(f"a time floats: {value}")
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


READERS = {
    "icalendar": with_icalendar,
    "recurring-ical-events": with_recurring_ical_events,
    "ics": with_ics,
    "vobject": with_vobject,
    "ical": with_ical,
}

LIBICAL = load_libical()
if LIBICAL:
    READERS["libical"] = with_libical


if __name__ == "__main__":
    main(sys.argv[1:])
