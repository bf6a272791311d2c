"""A mail server that hands over mails by LMTP, with Python's own client. Takes the port and a list of mails as JSON on
standard input ({"port", "mails": [{"to", "from", "text"}]}), prints the code of each answer."""

import json
import smtplib
import sys

asked = json.load(sys.stdin)
codes = []
for mail in asked["mails"]:
    with smtplib.LMTP("127.0.0.1", asked["port"]) as server:
        server.ehlo("mx.example")
        server.mail(mail["from"])
        code, _ = server.rcpt(mail["to"])
        if code == 250:
            code, _ = server.data(mail["text"].encode())
        codes.append(code)
print(json.dumps(codes))
