"""gunicorn's worker with threads, for addresses as long as a pasted search makes them.

gunicorn ends a request line at 8,190 bytes, or reads one without any end into memory. Ours ends at 64 kB: what is
shorter reaches the portal, whose pages say that a search was cut; what is longer is answered here, before it is read.
"""

from __future__ import annotations

import socket
from typing import Any

from csp.utils import build_policy
from django.template.loader import render_to_string
from gunicorn import util
from gunicorn.http import message
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

LONGEST_LINE = 64 * 1024

# The most that `--limit-request-line` is taken for; read anew for every request.
message.MAX_REQUEST_LINE = LONGEST_LINE


class PortalWorker(ThreadWorker):
    """Answers an address that is too long with a page of ours, and drops what remains of it."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """414 for a line above the limit; gunicorn's own answer for all else."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)  # type: ignore[no-untyped-call]
            return
        self.log.warning("An address of more than %s bytes was refused.", LONGEST_LINE)
        try:
            util.write_nonblock(client, _too_long())
        except OSError:
            self.log.debug("Whoever sent it has gone.")


def _too_long() -> bytes:
    body = render_to_string("414.html", {"longest": LONGEST_LINE // 1024}).encode()
    head = (
        "HTTP/1.1 414 URI Too Long",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        f"Content-Security-Policy: {build_policy()}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    )
    return "\r\n".join([*head, "", ""]).encode() + body
