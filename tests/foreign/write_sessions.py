"""Writes a programme with the PyPI package `icalendar`, as another system would send it.

Prints the file: a session in a named zone, one in UTC, a weekly one of three times of which one is left out and one is
moved, one by the name that Windows gives a zone, and a day.
"""

import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

SEOUL = ZoneInfo("Asia/Seoul")


def event(uid, title, start, end, **more):
    entry = Event()
    entry.add("uid", uid)
    entry.add("dtstamp", datetime(2026, 9, 1, tzinfo=timezone.utc))
    entry.add("summary", title)
    entry.add("dtstart", start)
    entry.add("dtend", end)
    for name, value in more.items():
        entry.add(name.replace("_", "-"), value)
    return entry


def main():
    calendar = Calendar()
    calendar.add("prodid", "-//another system//EN")
    calendar.add("version", "2.0")
    nine = datetime(2026, 10, 7, 9, 0, tzinfo=SEOUL)
    hour = timedelta(hours=1)
    calendar.add_component(event("a@other", "Opening, with; marks", nine, nine + hour, description="First line\nsecond"))
    utc = datetime(2026, 10, 7, 2, 0, tzinfo=timezone.utc)
    calendar.add_component(event("b@other", "In UTC", utc, utc + hour))
    daily = nine.replace(hour=15)
    out = daily + timedelta(days=1)
    calendar.add_component(
        event("c@other", "Every day", daily, daily + hour, rrule=vRecur(freq="daily", count=3), exdate=[out])
    )
    last = daily + timedelta(days=2)
    moved = last.replace(hour=16)
    calendar.add_component(event("c@other", "Later that day", moved, moved + hour, recurrence_id=last))
    calendar.add_component(event("d@other", "A day", date(2026, 10, 8), date(2026, 10, 9)))
    sys.stdout.buffer.write(calendar.to_ical())


main()
