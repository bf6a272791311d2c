"""Reads invitations as they arrived, one after the other, with two programs that are not ours: the parser of icalendar, and
the calendar server Xandikos, which enters, changes and cancels what it is sent. Takes a list of mails as JSON on standard
input, and prints for each what its MIME says, what its calendar says, and what then stands in the calendar."""

import email
import email.policy
import json
import pathlib
import subprocess
import sys
import tempfile

import icalendar


def entry(text):
    calendar = icalendar.Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    assert not event.errors and not calendar.errors, (event.errors, calendar.errors)
    said = {"method": calendar.get("METHOD"), "uid": event.get("UID"), "sequence": event.get("SEQUENCE")}
    said |= {name: event[name.upper()].dt.isoformat() for name in ("dtstart", "dtend", "dtstamp") if name in event}
    said |= {name: event.get(name.upper()) for name in ("summary", "location", "status")}
    people = {name: event.get(name.upper()) for name in ("organizer", "attendee")}
    said |= {name: str(value) for name, value in people.items()}
    said["parameters"] = {key: str(value) for key, value in getattr(people["attendee"], "params", {}).items()}
    return said


def mime(mail):
    if mail.is_multipart():
        return [mail.get_content_type(), [mime(part) for part in mail.iter_parts()]]
    parameters = {key: value for key, value in mail["content-type"].params.items() if key != "boundary"}
    return [mail.get_content_type(), parameters, mail.get("content-transfer-encoding"), mail.get_content_disposition()]


def calendar_of(mail, kind):
    [part] = [part for part in mail.walk() if part.get_content_type() == kind]
    return part.get_payload(decode=True).decode("utf-8")


def read(raw, folder):
    mail = email.message_from_bytes(raw.encode("latin-1"), policy=email.policy.default)
    text = calendar_of(mail, "text/calendar")
    assert text == calendar_of(mail, "application/ics")
    assert "\n" not in text.replace("\r\n", "") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    command = [pathlib.Path(sys.executable).with_name("xandikos"), "import-imip", "-d", folder, "--principal", "/u/"]
    taken = subprocess.run(command + ["--autocreate"], input=raw.encode("latin-1"), capture_output=True)
    assert taken.returncode == 0, taken.stderr.decode()
    stored = [entry(file.read_text()) for file in pathlib.Path(folder).glob("u/calendars/*/*.ics")]
    return {"mime": mime(mail), "calendar": entry(text), "stored": stored}


with tempfile.TemporaryDirectory() as folder:
    print(json.dumps([read(raw, folder) for raw in json.load(sys.stdin)]))
