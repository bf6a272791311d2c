"""Says what the clocks of places show around each of their changes and between, by Python's zoneinfo.

    python zone_points.py 2025-2031 <names >points.json

Reads the names of zones, one a line. Prints a JSON object of, for each, a list of [wall, offset]: times on the wall from
the beginning of the first year to that of the second, 2025-03-30T03:00:00, with the seconds that they are ahead of UTC.
Only times that the clocks show exactly once: every tenth day, and around each change the seconds next to it, an hour and
a day away. Zones that zoneinfo does not know are null.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def main(years):
    begin, end = (datetime(int(year), 1, 1, tzinfo=timezone.utc) for year in years.split("-"))
    print(json.dumps({name: points(name, begin, end) for name in sys.stdin.read().split()}))


def points(name, begin, end):
    try:
        zone = ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None
    instants = {begin + 10 * DAY * n for n in range((end - begin).days // 10)}
    for change, shift in changes(zone, begin, end):
        for edge in (change - SECOND, change, change - shift - SECOND, change + shift):
            instants.update((edge, edge - HOUR, edge + HOUR, edge - DAY, edge + DAY))
    walls = {instant.astimezone(zone).replace(tzinfo=None) for instant in instants if begin <= instant < end}
    return [(wall.isoformat(), offset(wall, zone, 0)) for wall in sorted(walls) if is_shown_once(wall, zone)]


def changes(zone, begin, end):
    """Each instant at which the clocks change, and by how much."""
    day = begin
    while day < end:
        next_day = day + DAY
        if day.astimezone(zone).utcoffset() != next_day.astimezone(zone).utcoffset():
            before, after = day, next_day
            while after - before > SECOND:
                middle = before + SECOND * ((after - before) // SECOND // 2)
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            yield after, abs(next_day.astimezone(zone).utcoffset() - day.astimezone(zone).utcoffset())
        day = next_day


def is_shown_once(wall, zone):
    there = wall.replace(tzinfo=zone).astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None)
    return there == wall and offset(wall, zone, 0) == offset(wall, zone, 1)


def offset(wall, zone, fold):
    return int(wall.replace(tzinfo=zone, fold=fold).utcoffset().total_seconds())


if __name__ == "__main__":
    main(sys.argv[1])
