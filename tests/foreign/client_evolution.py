"""Subscribes Evolution data server, the calendar of GNOME, to a calendar.

Usage: dbus-run-session -- client_evolution.py (ics|caldav) URL [USER PASSWORD]

Needs the system's Python with gir1.2-ecal-2.0. Prints what the calendar holds as one line of JSON, waits for a line on its
input, has the calendar look again, and prints what it holds then.
"""

import json
import os
import sys
import tempfile
import time
from urllib.parse import urlsplit

# Everything that is kept goes where nobody else looks; set before the libraries are loaded.
folder = tempfile.mkdtemp()
for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"]:
    os.environ[name] = folder

import gi  # noqa: E402

for name, version in [("EDataServer", "1.2"), ("ECal", "2.0"), ("ICalGLib", "3.0")]:
    gi.require_version(name, version)
from gi.repository import ECal, EDataServer, GLib  # noqa: E402


def source(registry, kind, url, user, password):
    address = urlsplit(url)
    source = EDataServer.Source.new(None, None)
    source.set_display_name("Watched")
    source.set_parent("webcal-stub" if kind == "ics" else "caldav-stub")
    backend = source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR)
    backend.set_backend_name("webcal" if kind == "ics" else "caldav")
    dav = source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND)
    dav.set_resource_path(address.path)
    authentication = source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION)
    authentication.set_host(address.hostname)
    authentication.set_port(address.port)
    security = source.get_extension(EDataServer.SOURCE_EXTENSION_SECURITY)
    security.set_method("none")
    if user:
        authentication.set_user(user)
        authentication.set_method("plain/password")
    registry.commit_source_sync(source, None)
    made = registry.ref_source(source.get_uid())
    if user:
        # What the dialogue would ask for is in the memory of this session alone.
        credentials = EDataServer.NamedParameters.new()
        credentials.set(EDataServer.SOURCE_CREDENTIAL_USERNAME, user)
        credentials.set(EDataServer.SOURCE_CREDENTIAL_PASSWORD, password)
        return made, credentials
    return made, None


def entries(client):
    _, components = client.get_object_list_sync("#t", None)
    found = []
    for component in components:
        start = component.get_dtstart()
        found.append(
            {
                "summary": component.get_summary(),
                "start": start.as_ical_string(),
                "status": component.get_status().value_nick,
            }
        )
    return sorted(found, key=lambda entry: entry["summary"])


def settle(client):
    """What it holds once that stays the same; the backend works in another process."""
    before, same = None, 0
    for _ in range(60):
        time.sleep(0.5)
        while GLib.MainContext.default().iteration(False):
            pass
        now = entries(client)
        same = same + 1 if now == before else 0
        before = now
        if now and same >= 6:
            break
    return {"entries": before, "read_only": client.is_readonly()}


def connected(made, credentials):
    """A client of the source, which answers the backend when it asks for the password as a dialogue would."""
    loop, clients = GLib.MainLoop(), []

    def done(_, result):
        clients.append(ECal.Client.connect_finish(result))
        loop.quit()

    if credentials:
        made.connect("credentials-required", lambda source, *_: source.invoke_authenticate(credentials, None, None))
    ECal.Client.connect(made, ECal.ClientSourceType.EVENTS, 30, None, done)
    loop.run()
    return clients[0]


def main(kind, url, user="", password=""):
    registry = EDataServer.SourceRegistry.new_sync(None)
    made, credentials = source(registry, kind, url, user, password)
    client = connected(made, credentials)
    print(json.dumps(settle(client)), flush=True)
    while sys.stdin.readline():
        client.refresh_sync(None)
        print(json.dumps(settle(client)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
