"""Lets calendar programs that people use subscribe to a running server, changes the programme, and looks what they show.

Usage: real_clients.py URL DEMO-KEYS LOG [NAME...]

Each program sees a meeting with three sessions; then one is called off and one is moved, and it sees that; then nothing
changes, and where it polls a feed, the server answers it with 304. Standard library only; each program is driven by a
script of its own beside this one.
"""

import json
import pathlib
import re
import select
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

URL, KEYS, LOG = sys.argv[1:4]
CHOSEN = sys.argv[4:]
HERE = pathlib.Path(__file__).parent


def ask(path, headers=None, method="GET", body=None):
    request = urllib.request.Request(URL + path, data=body, headers=headers or {}, method=method)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


def demo():
    lines = [line.split(" ", 1) for line in open(KEYS) if not line.startswith("#") and " " in line]
    return {name: value.strip() for name, value in lines}


def call(headers, path, method="GET", body=None):
    headers = {"Content-Type": "application/json", "If-Match": "*", **headers}
    status, _, text = ask("/api/v1/" + path, headers, method, body and json.dumps(body).encode())
    assert status < 300, (method, path, status, text)
    return json.loads(text) if text else None


def sign_in(link):
    path = "/sign-in/demo/" + link.rsplit("/", 1)[1]
    _, headers, page = ask(path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    form = {"Cookie": headers["Set-Cookie"].split(";")[0], "Sec-Fetch-Site": "same-origin"}
    form["Content-Type"] = "application/x-www-form-urlencoded"
    status, headers, page = ask(path, form, "POST", f"csrf_token={token}".encode())
    assert status == 303, (status, page)
    cookies = [cookie.split(";")[0] for cookie in headers.get_all("Set-Cookie")]
    browser = {"Cookie": "; ".join(cookie for cookie in cookies if not cookie.endswith("=")), "Sec-Fetch-Site": "same-origin"}
    return browser | {"X-CSRF-Token": call(browser, "me")["csrf_token"]}


class Meeting:
    """A meeting of its own for one program, with the subscription to it."""

    def __init__(self, staff, browser, name):
        self.staff = staff
        code = re.sub("[^a-z]+", "-", name) + f"-{time.time_ns():x}"
        event = {
            "code": code, "kind": "group_meeting", "title": {"en": "Watched"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2027-03-01", "ends_on": "2027-03-02", "languages": ["en"],
            "visibility": "public",
        }
        made = call(staff, "events", "POST", event)
        call(staff, f"events/{made['id']}/transitions", "POST", {"to": "announced"})
        self.sessions = [self.session(made["id"], title) for title in ["Called off", "Left alone", "Moved"]]
        feed = {"kind": "event", "object_id": code, "name": "Watched", "access": "token"}
        self.feed = call(browser, "feeds", "POST", feed)
        self.ics = self.feed["url"]
        account = call(browser, "me")["account_id"]
        self.caldav = f"{URL}/dav/c/{account}/{self.feed['id']}/"
        self.browser = browser

    def session(self, event, title):
        when = {"start": "2027-03-01T10:00:00", "end": "2027-03-01T11:00:00"}
        body = {"event_id": event, "kind": "plenary", "title": {"en": title}, "visibility": "public", "placement": when}
        path = f"sessions/{call(self.staff, 'sessions', 'POST', body)['id']}"
        call(self.staff, f"{path}/transitions", "POST", {"to": "scheduled"})
        return path

    def changes(self):
        off, _, moved = self.sessions
        call(self.staff, f"{off}/transitions", "POST", {"to": "cancelled", "reason": "Storm"})
        when = {"start": "2027-03-02T15:00:00", "end": "2027-03-02T16:00:00"}
        call(self.staff, moved, "PATCH", {"placement": when})

    def ends(self):
        call(self.browser, f"feeds/{self.feed['id']}", "DELETE")


class Program:
    """A driver that looks, waits until it is told, and looks again."""

    def __init__(self, *command):
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def sees(self):
        # Programs that are started on the way say things of their own.
        line = "\n"
        while line and not line.startswith("{"):
            ready, _, _ = select.select([self.process.stdout], [], [], 120)
            line = self.process.stdout.readline() if ready else ""
        assert line, "said nothing"
        return json.loads(line)

    def looks_again(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.sees()

    def ends(self):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.terminate()


def digits(text):
    return re.sub(r"[^0-9]", "", str(text))


def check(seen, entries):
    """Titles, days and instants as far as the program tells them, and what is called off."""
    found = {entry["summary"]: (digits(entry["start"]), entry.get("status", "").upper()) for entry in seen["entries"]}
    for title, start, status in entries:
        assert title in found, (title, found)
        at, said = found[title]
        assert at.startswith(digits(start)), (title, start, found)
        assert status in said or not said, (title, status, found)
    assert len(found) == len(entries), found


WHOLE = ("Watched", "2027-03-01", "CONFIRMED")
# Seoul is nine hours ahead of UTC.
BEFORE = [WHOLE, *((title, "2027-03-01T01:00", "CONFIRMED") for title in ["Called off", "Left alone", "Moved"])]
AFTER = [
    WHOLE,
    ("Cancelled: Called off", "2027-03-01T01:00", "CANCELLED"),
    ("Left alone", "2027-03-01T01:00", "CONFIRMED"),
    ("Moved", "2027-03-02T06:00", "CONFIRMED"),
]


def fetched(since, status):
    """How often feeds were answered with this status since the log had that many bytes."""
    time.sleep(0.5)
    with open(LOG, errors="replace") as log:
        log.seek(since)
        lines = [line for line in log if "/ical/" in line]
    return sum(1 for line in lines if re.search(rf'http\.status"?[=:] ?{status}\b', line))


def watch(name, meeting, *command, polls=False):
    program = Program(*command)
    try:
        first = program.sees()
        check(first, BEFORE)
        meeting.changes()
        check(program.looks_again(), AFTER)
        told = ["saw the move and the cancellation"]
        since = pathlib.Path(LOG).stat().st_size
        check(program.looks_again(), AFTER)
        if polls:
            assert fetched(since, 304) >= 1, "no 304"
            assert fetched(since, 200) == 0, "fetched again"
            told.append("got 304 when nothing had changed")
        if not polls:
            assert first["read_only"], "believes it could write"
            told.append("knows that it cannot write")
    finally:
        program.ends()
    print(f"{name}: {', '.join(told)}", flush=True)


def calcurse(meeting):
    """Imports the file; a calendar that was imported is a copy, so it is imported anew into another."""
    for entries in (BEFORE, AFTER):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "watched.ics")
            file.write_text(ask(meeting.ics.removeprefix(URL))[2], newline="")
            subprocess.run(["calcurse", "-D", folder, "-i", file], check=True, capture_output=True)
            listed = subprocess.run(
                ["calcurse", "-D", folder, "-Q", "--from", "03/01/2027", "--days", "2", "--format-apt", "%(start:%Y%m%dT%H%M)|%m\n"],
                check=True, capture_output=True, text=True, env={"TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": folder},
            ).stdout
            for title, start, _ in entries[1:]:
                assert f"{digits(start)[:8]}T{digits(start)[8:]}|{title}" in listed, (title, start, listed)
            assert "Watched" in listed, listed
        if entries is BEFORE:
            meeting.changes()
    print("calcurse: imports the meeting, and the moved and the cancelled session anew", flush=True)


def main():
    known = demo()
    staff = {"Authorization": f"Bearer {known['secretariat']}"}
    browser = sign_in(known["pages-secretariat"])
    app = call(browser, "me/app-passwords", "POST", {"name": "Calendar programs"})
    user, password = app["user"], app["password"]
    realm = "Calendars: an e-mail address and an app password"
    thunderbird = [sys.executable, HERE / "client_thunderbird.py"]
    evolution = ["dbus-run-session", "--", "/usr/bin/python3", HERE / "client_evolution.py"]
    programs = {
        "thunderbird-ics": lambda name, at: watch(name, at, *thunderbird, "ics", at.ics, polls=True),
        "thunderbird-caldav": lambda name, at: watch(name, at, *thunderbird, "caldav", at.caldav, user, password, realm),
        "evolution-ics": lambda name, at: watch(name, at, *evolution, "ics", at.ics, polls=True),
        "evolution-caldav": lambda name, at: watch(name, at, *evolution, "caldav", at.caldav, user, password),
        "calcurse": lambda name, at: calcurse(at),
    }
    failed = []
    for name, run in programs.items():
        if CHOSEN and name not in CHOSEN:
            continue
        meeting = Meeting(staff, browser, name)
        try:
            run(name, meeting)
        except (AssertionError, subprocess.SubprocessError, json.JSONDecodeError) as error:
            failed.append(name)
            print(f"{name}: FAILED: {error}", flush=True)
        finally:
            meeting.ends()
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
