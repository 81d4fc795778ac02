"""A mail server that answers as told: for what no mailbox of the test can show."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import override_settings

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 at your service")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            refusal = self.server.refuses.get(verb.decode())  # type: ignore[attr-defined]
            self.say(refusal or "250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def server_that(**refuses: str) -> Iterator[Any]:
    """Mails go to a server that answers a command with this line: `server_that(RCPT="550 nobody here")`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.refuses = refuses  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        port = server.server_address[1]
        try:
            with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_TIMEOUT=5):
                yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def nobody_answers() -> Iterator[None]:
    """The mail server is down."""
    with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=9, EMAIL_TIMEOUT=5):
        yield
