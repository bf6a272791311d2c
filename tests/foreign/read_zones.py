"""Follows the zones of a calendar file as it defines them, with the PyPI package `icalendar` (by way of dateutil).

    python read_zones.py zones.ics points.json

Prints a JSON object: `compared`, how many times on the wall were; `different`, a list of [zone, wall, expected, found]
in seconds ahead of UTC; `missing`, the zones of points.json (see zone_points.py) that the file does not define;
`unsafe`, those of the file that are not what Outlook reads (MS-OXCICAL, 2.1.3.1.1.19).
"""

import json
import re
import sys
from datetime import datetime
from pathlib import Path

from icalendar import Calendar

# An ordinal day of the week or a day of the month, not both.
SIMPLE = re.compile(r"FREQ=YEARLY;(BYMONTH=\d+;BYDAY=-?\d[A-Z]{2}|BYMONTH=\d+;BYMONTHDAY=\d+|BYDAY=-?\d[A-Z]{2};BYMONTH=\d+)")


def main(file, expected):
    calendar = Calendar.from_ical(Path(file).read_bytes())
    defined = {str(zone["TZID"]): zone for zone in calendar.walk("VTIMEZONE")}
    compared, different, missing = 0, [], []
    for name, points in json.loads(Path(expected).read_text()).items():
        if name not in defined:
            missing.append(name)
            continue
        zone = defined[name].to_tz(lookup_tzid=False)
        for wall, offset in points or []:
            found = int(datetime.fromisoformat(wall).replace(tzinfo=zone).utcoffset().total_seconds())
            compared += 1
            if found != offset:
                different.append([name, wall, offset, found])
    unsafe = [name for name, zone in defined.items() if not outlook_reads(zone)]
    print(json.dumps({"compared": compared, "different": different, "missing": missing, "unsafe": unsafe}))


def outlook_reads(zone):
    parts = zone.subcomponents
    names = sorted(part.name for part in parts)
    rules = [part["RRULE"].to_ical().decode() if "RRULE" in part else None for part in parts]
    if names == ["STANDARD"]:
        return rules == [None]
    return names == ["DAYLIGHT", "STANDARD"] and all(rule and SIMPLE.fullmatch(rule) for rule in rules)


if __name__ == "__main__":
    main(*sys.argv[1:])
