"""Reads calendars by CalDAV as calendar programs do that are not ours.

Usage: read_caldav.py (caldav|vdirsyncer) URL USER PASSWORD

Prints what the program sees as one line of JSON, waits for a line on its input, and prints what it sees then.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile


def say(seen):
    print(json.dumps(seen, ensure_ascii=False), flush=True)


def told():
    return bool(sys.stdin.readline())


def entry(component):
    return {
        "summary": str(component["SUMMARY"]),
        "start": component["DTSTART"].dt.isoformat(),
        "status": str(component["STATUS"]),
    }


def with_caldav(url, user, password):
    """python-caldav: discovery, search, synchronisation, and a write."""
    import caldav

    with caldav.DAVClient(url=url, username=user, password=password) as client:
        calendars = client.principal().calendars()
        (calendar,) = calendars
        objects = calendar.objects_by_sync_token(load_objects=True)
        events = calendar.search(event=True)
        say(
            {
                "calendars": [str(calendar.get_display_name()) for calendar in calendars],
                "entries": sorted((entry(event.icalendar_component) for event in events), key=lambda seen: seen["summary"]),
                "synchronised": len(list(objects)),
            }
        )
        if not told():
            return
        updated, deleted = objects.sync()
        refused = None
        try:
            event = "BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:X\r\nEND:VEVENT"
            calendar.save_event(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}\r\nEND:VCALENDAR\r\n")
        except caldav.lib.error.DAVError as error:
            refused = type(error).__name__
        changed = sorted((entry(event.icalendar_component) for event in updated), key=lambda seen: seen["summary"])
        say({"updated": changed, "deleted": len(list(deleted)), "refused": refused})


def with_vdirsyncer(url, user, password):
    """vdirsyncer fetches into a folder, which khal reads."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "vdirsyncer").write_text(
            f"""
[general]
status_path = "{folder}/status/"
[pair plenum]
a = "here"
b = "there"
collections = ["from b"]
conflict_resolution = "b wins"
partial_sync = "ignore"
metadata = ["displayname", "color"]
[storage here]
type = "filesystem"
path = "{folder}/calendars/"
fileext = ".ics"
[storage there]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"
read_only = true
"""
        )
        (folder / "khal").write_text(
            f"""
[calendars]
[[plenum]]
path = {folder}/calendars/*
type = discover
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""
        )
        bin = pathlib.Path(sys.executable).parent
        environment = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LC_ALL": "C.UTF-8"}

        def run(program, *arguments, **more):
            done = subprocess.run(
                [bin / program, *arguments], env=environment, capture_output=True, text=True, check=False, **more
            )
            if done.returncode:
                raise SystemExit(f"{program} {arguments}: {done.stdout}{done.stderr}")
            return done.stdout

        def seen():
            run("vdirsyncer", "-c", folder / "vdirsyncer", "sync")
            form = "{start-date} {start-time}|{status}|{title}"
            listed = run("khal", "-c", folder / "khal", "list", "--day-format", "", "--format", form, "--once", "2019-10-01", "30d")
            return {"entries": sorted(line for line in listed.splitlines() if line.strip())}

        run("vdirsyncer", "-c", folder / "vdirsyncer", "discover", input="y\ny\n")
        say(seen())
        if told():
            say(seen())


if __name__ == "__main__":
    program, *where = sys.argv[1:]
    {"caldav": with_caldav, "vdirsyncer": with_vdirsyncer}[program](*where)
