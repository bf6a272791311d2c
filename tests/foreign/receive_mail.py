"""A mail server that takes everything: prints its port, then every mail as a line of JSON."""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP


class Desk:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        known = {"sender": envelope.mail_from, "recipients": envelope.rcpt_tos}
        known["headers"] = {name.lower(): str(value) for name, value in mail.items()}
        known["text"] = mail.get_body(("plain",)).get_content()
        known["raw"] = envelope.original_content.decode("latin-1")
        print(json.dumps(known), flush=True)
        return "250 taken"


async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Desk()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends with the test that started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
