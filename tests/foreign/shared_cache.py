"""Asks a server through a shared cache as several callers in turn; each must get what the server gives to it alone.

Arguments: the server's address, the cache's address, the file with the demo keys. Standard library only.
"""

import json
import random
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

DIRECT, SHARED, KEYS = sys.argv[1:4]
ROUNDS = 3


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def ask(base, path, headers=None, method="GET", body=None):
    request = urllib.request.Request(base + path, data=body, headers=headers or {}, method=method)
    try:
        answer = OPENER.open(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


def call(key, path, method="GET", body=None):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "If-Match": "*"}
    status, _, text = ask(DIRECT, "/api/v1/" + path, headers, method, body and json.dumps(body).encode())
    assert status < 300, (method, path, status, text)
    return json.loads(text) if text else None


def wait_for_cache():
    for _ in range(200):
        try:
            return ask(SHARED, "/healthz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise SystemExit("nginx did not start")


def demo():
    lines = [line.split(" ", 1) for line in open(KEYS) if not line.startswith("#") and " " in line]
    return {name: value.strip() for name, value in lines}


def sign_in(link):
    """The headers of a browser that was signed in by a link of the demonstration."""
    path = "/sign-in/demo/" + link.rsplit("/", 1)[1]
    _, headers, page = ask(DIRECT, path)
    mark = headers["Set-Cookie"].split(";")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    form = {"Cookie": mark, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    status, headers, page = ask(DIRECT, path, form, "POST", f"csrf_token={token}".encode())
    assert status == 303, (status, page)
    cookies = [cookie.split(";")[0] for cookie in headers.get_all("Set-Cookie")]
    return {"Cookie": "; ".join(cookie for cookie in cookies if not cookie.endswith("="))}


def feed(key, name):
    body = {"kind": "event", "object_id": "seoul-2019", "name": name, "access": "token"}
    made = call(key, "feeds", "POST", body)
    return made["id"], made["url"][made["url"].index("/ical/"):]


def comparable(answer):
    """What one caller gets each time: not what every request or every page has of its own."""
    status, headers, text = answer
    text = re.sub(r'"request_id": ?"[^"]*"', "", text)
    text = re.sub(r'(csrf_token"?[^>]*?(value=|: ?))"[^"]*"', r"\1", text)
    return status, headers.get("ETag"), text


def main():
    wait_for_cache()
    known = demo()
    admin, delegate = known["admin"], known["delegate"]
    first, second = feed(admin, "First subscriber"), feed(delegate, "Second subscriber")
    gone = feed(admin, "Gone subscriber")
    unknown = re.sub(r"_[0-9A-Za-z]{43}_", "_" + "A" * 43 + "_", first[1])
    people = {
        "nobody": {},
        "key of an administrator": {"Authorization": f"Bearer {admin}"},
        "key of a delegate": {"Authorization": f"Bearer {delegate}"},
        "browser of a secretary": sign_in(known["pages-secretariat"]),
        "browser of a delegate": sign_in(known["pages-delegate"]),
    }
    personal = ["/api/v1/me", "/api/v1/events", "/api/v1/sessions?limit=200", "/api/v1/persons?q=ann", "/api/v1/changes", "/"]
    asked = [(who, path) for who in people for path in personal]
    asked += [("nobody", path) for path in (first[1], second[1], unknown)]
    answers = set()
    for _ in range(ROUNDS):
        random.shuffle(asked)
        for who, path in asked:
            shared, direct = ask(SHARED, path, people[who]), ask(DIRECT, path, people[who])
            assert comparable(shared) == comparable(direct), (who, path, shared, direct)
            assert shared[1]["X-Cache"] != "HIT", (who, path)
            answers.add((path, comparable(direct)))
    assert len(answers) > len(personal) + 3, "all callers are told the same, so this shows nothing"
    assert "First subscriber" in ask(SHARED, first[1])[2] and "Second subscriber" in ask(SHARED, second[1])[2]

    # The cache does work: what is public comes out of it.
    public = "/ical/events/seoul-2019.ics"
    ask(SHARED, public)
    assert ask(SHARED, public)[1]["X-Cache"] == "HIT", "the public feed is not cached"

    # What is revoked is gone at once, whatever went through the cache before.
    assert ask(SHARED, gone[1])[0] == 200
    call(admin, f"feeds/{gone[0]}", "DELETE")
    assert comparable(ask(SHARED, gone[1])) == comparable(ask(SHARED, unknown)) and ask(SHARED, gone[1])[0] == 404

    # A program that sends a password: the same address for all, and each gets its own.
    for number, path in (first, second, first):
        token = path.removeprefix("/ical/").removesuffix(".ics")
        command = ["curl", "--silent", "--fail", "--noproxy", "*", "-u", f"{number}:{token}", SHARED + "/ical/feed.ics"]
        fetched = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert fetched.replace("\r", "") == ask(DIRECT, path)[2].replace("\r", ""), path
    status, headers, _ = ask(SHARED, "/ical/feed.ics", method="PROPFIND")
    assert (status, headers["Allow"]) == (405, "GET, HEAD, OPTIONS"), (status, headers)
    print(f"{ROUNDS * len(asked)} pairs of answers are the same through the cache and without it")


main()
