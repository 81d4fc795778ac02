"""Stands before the sandbox and exchanges bytes in its answers: JSON that no library writes."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

import requests

PASSED_ON = ("Authorization", "Content-Type")


class Forger:
    """A base address like the sandbox's; `exchange` maps what the sandbox writes to what arrives instead."""

    def __init__(self, base_url: str) -> None:
        self.exchange: dict[bytes, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, base_url))
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """What stands before /api/."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(forger: Forger, base_url: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = requests.request(self.command, base_url + self.path, headers=headers, data=sent, timeout=5)
            body = answer.content
            for original, forged in forger.exchange.items():
                body = body.replace(original, forged)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - looked up by name

        def log_message(self, format: str, *args: Any) -> None:
            return None

    return Handler
