"""Writes calendars with the PyPI package `icalendar`, and says when they are busy.

    python write_busy.py 200 7

Takes how many calendars and a seed. Prints a JSON array of {calendar, zone, busy, named}: the file; the zone in which
times without one and whole days are meant; from when until when somebody is busy in October 2026, UTC, what overlaps or
touches as one; and how many entries a reader that does not repeat entries has to name. The times are worked out by
Python's zoneinfo, not by the package.
"""

import json
import random
import sys
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, FreeBusy, vPeriod

FIRST, LAST = datetime(2026, 10, 1, tzinfo=timezone.utc), datetime(2026, 11, 1, tzinfo=timezone.utc)
ZONES = ["Asia/Seoul", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
TEXTS = ["Dentist", "a, b; c\\d\nEND:VEVENT", "회의 " * 40, "x" * 200, "DTSTART:20261001T000000Z", ""]


def main(count, seed):
    chance = random.Random(int(seed))
    print(json.dumps([written(chance) for _ in range(int(count))]))


def written(chance):
    calendar = Calendar()
    calendar.add("prodid", "-//test//EN")
    calendar.add("version", "2.0")
    zone = chance.choice(ZONES)
    busy, named = [], 0
    for _ in range(chance.randrange(8)):
        if chance.random() < 0.2:
            busy += add_free_busy(calendar, chance)
            continue
        spans, repeats = add_event(calendar, chance, ZoneInfo(zone))
        busy += spans
        named += repeats
    return {"calendar": calendar.to_ical().decode(), "zone": zone, "busy": merged(busy), "named": named}


def add_event(calendar, chance, zone):
    event = Event()
    event.add("uid", str(chance.random()))
    event.add("dtstamp", FIRST)
    event.add("summary", chance.choice(TEXTS))
    event.add("description", chance.choice(TEXTS))
    span = add_times(event, chance, zone)
    free = chance.choice([None] * 5 + [("transp", "TRANSPARENT"), ("status", "CANCELLED")])
    if free:
        event.add(*free)
    repeats = not free and chance.random() < 0.1
    if repeats:
        event.add("rrule", {"freq": "weekly"})
    calendar.add_component(event)
    return ([] if free else [span]), int(repeats)


def add_times(event, chance, zone):
    """Whole days, times of a zone, of the reader's clock or in UTC; with an end or a length. Gives the instants."""
    day = date(2026, 9, 28) + timedelta(days=chance.randrange(38))
    if chance.random() < 0.25:
        days = chance.randrange(1, 4)
        event.add("dtstart", day)
        if days > 1 or chance.random() < 0.5:
            event.add("dtend", day + timedelta(days=days))
        return instant(datetime.combine(day, time()), zone), instant(datetime.combine(day + timedelta(days=days), time()), zone)
    own = chance.choice([None, timezone.utc] + [ZoneInfo(name) for name in ZONES[:-1]])
    # Never at night, when clocks change.
    start = datetime.combine(day, time(chance.randrange(5, 20), chance.choice([0, 15, 59])))
    length = timedelta(minutes=chance.randrange(1, 240))
    place = own or zone
    event.add("dtstart", start.replace(tzinfo=own))
    if chance.random() < 0.5:
        event.add("duration", length)
    else:
        event.add("dtend", (start + length).replace(tzinfo=own))
    return instant(start, place), instant(start + length, place)


def add_free_busy(calendar, chance):
    times = FreeBusy()
    times.add("uid", str(chance.random()))
    times.add("dtstamp", FIRST)
    start = FIRST + timedelta(minutes=chance.randrange(60 * 24 * 30))
    end = start + timedelta(minutes=chance.randrange(1, 300))
    kind = chance.choice(["BUSY", "BUSY-TENTATIVE", "FREE", None])
    times.add("freebusy", vPeriod((start, chance.choice([end, end - start]))), parameters={"FBTYPE": kind} if kind else {})
    calendar.add_component(times)
    return [] if kind == "FREE" else [(start, end)]


def instant(wall, zone):
    return wall.replace(tzinfo=zone).astimezone(timezone.utc)


def merged(spans):
    found = []
    for start, end in sorted((max(start, FIRST), min(end, LAST)) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return [f"{start:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}" for start, end in found]


if __name__ == "__main__":
    main(*sys.argv[1:])
