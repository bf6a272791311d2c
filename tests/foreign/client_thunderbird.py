"""Subscribes Thunderbird, without a window, to a calendar, as somebody would in its dialogue.

Usage: client_thunderbird.py (ics|caldav) URL [USER PASSWORD]

Thunderbird is driven by Marionette, the protocol of its own tests. Prints what the calendar holds as one line of JSON,
waits for a line on its input, has the calendar look again, and prints what it holds then.
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

PREFERENCES = """
user_pref("app.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mail.spotlight.firstRunDone", true);
user_pref("mailnews.start_page.enabled", false);
user_pref("network.proxy.type", 0);
user_pref("calendar.timezone.local", "America/New_York");
user_pref("marionette.port", %d);
"""

SUBSCRIBE = """
const [kind, url, user, password, realm, done] = arguments;
(async () => {
  const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
  const uri = Services.io.newURI(url);
  if (user) {
    const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
    login.init(uri.prePath, null, realm, user, password, "", "");
    await Services.logins.addLoginAsync(login);
  }
  const calendar = cal.manager.createCalendar(kind, uri);
  calendar.name = "Watched";
  if (user) calendar.setProperty("username", user);
  calendar.setProperty("cache.enabled", kind == "caldav");
  const loaded = new Promise(resolve => {
    const observer = {
      QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
      onStartBatch() {}, onEndBatch() {}, onAddItem() {}, onModifyItem() {}, onDeleteItem() {}, onError() {},
      onPropertyChanged() {}, onPropertyDeleting() {},
      onLoad(of) { if (of.id == calendar.id) resolve(); },
    };
    cal.manager.addCalendarObserver(observer);
  });
  cal.manager.registerCalendar(calendar);
  calendar.refresh();
  await Promise.race([loaded, new Promise(resolve => setTimeout(resolve, 20000))]);
  done(calendar.id);
})().catch(error => done({ error: String(error) }));
"""

LOOK = """
const [again, done] = arguments;
(async () => {
  const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
  const calendar = cal.manager.getCalendars().find(known => known.name == "Watched");
  if (again) calendar.refresh();
  let before = "";
  for (let turn = 0; turn < 60; turn++) {
    await new Promise(resolve => setTimeout(resolve, 1000));
    const items = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
    const seen = items.map(item => ({
      summary: item.title, start: item.startDate.nativeTime, whole_day: item.startDate.isDate,
      status: item.status,
    })).sort((one, other) => one.summary.localeCompare(other.summary));
    const now = JSON.stringify(seen);
    if (seen.length && now == before && turn > 6) { done({ entries: seen, read_only: calendar.readOnly }); return; }
    before = now;
  }
  done({ entries: JSON.parse(before || "[]"), read_only: calendar.readOnly, status: calendar.getProperty("currentStatus") });
})().catch(error => done({ error: String(error) }));
"""


class Marionette:
    """Commands and answers, each with its length before it."""

    def __init__(self, port):
        for _ in range(120):
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=180)
                break
            except OSError:
                time.sleep(0.5)
        self.number = 0
        self.receive()
        self.ask("WebDriver:NewSession", {})
        self.ask("WebDriver:SetTimeouts", {"script": 170_000})
        self.ask("Marionette:SetContext", {"value": "chrome"})

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self.socket.recv(1)
        body = b""
        while len(body) < int(length[:-1]):
            body += self.socket.recv(65536)
        return json.loads(body)

    def ask(self, name, parameters):
        self.number += 1
        message = json.dumps([0, self.number, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.receive()
        if error:
            raise SystemExit(f"{name}: {error}")
        return result

    def run(self, script, *arguments):
        result = self.ask("WebDriver:ExecuteAsyncScript", {"script": script, "args": list(arguments)})["value"]
        if isinstance(result, dict) and "error" in result:
            raise SystemExit(result["error"])
        return result


def seen(look):
    """Instants in microseconds become what people read, in UTC."""
    for entry in look["entries"]:
        at = time.gmtime(entry.pop("start") / 1_000_000)
        entry["start"] = time.strftime("%Y-%m-%d" if entry.pop("whole_day") else "%Y-%m-%dT%H:%M:%SZ", at)
        entry["status"] = entry["status"] or ""
    return look


def main(kind, url, user="", password="", realm=""):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        pathlib.Path(profile, "user.js").write_text(PREFERENCES % port)
        command = ["thunderbird", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile]
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            marionette = Marionette(port)
            marionette.run(SUBSCRIBE, kind, url, user, password, realm)
            print(json.dumps(seen(marionette.run(LOOK, False))), flush=True)
            while sys.stdin.readline():
                print(json.dumps(seen(marionette.run(LOOK, True))), flush=True)
        finally:
            program.terminate()
            program.wait(20)


if __name__ == "__main__":
    main(*sys.argv[1:])
