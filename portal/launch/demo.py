"""`make demo`: the portal with a sandbox of the vendors' APIs and a company to look at."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import time
from pathlib import Path
from urllib.parse import quote

from portal.launch import commands
from portal.launch.processes import Processes

ORGANISATION, ACCOUNT = "sunny-roofs", "1"
READY_WITHIN = 60.0
ROOT = Path(__file__).resolve().parents[2]


def demo() -> int:
    """Starts everything on the embedded default, syncs once through the worker, prints address and logins."""
    port = commands.port_of(os.environ, "PORT", "8000")
    sandbox_port = commands.port_of(os.environ, "SANDBOX_PORT", "9000")
    processes = Processes(_environment(port, sandbox_port))
    try:
        _refuse_taken(port, "PORT")
        _refuse_taken(sandbox_port, "SANDBOX_PORT")
        processes.start("sandbox", *commands.sandbox(sandbox_port), quiet=True)
        processes.step(*commands.MANAGE, "migrate", "--verbosity", "0")
        processes.start("worker", *commands.WORKER)
        processes.start("web", *commands.web(port))
        _wait_for(sandbox_port)
        base_url = f"http://127.0.0.1:{sandbox_port}/opensolar"
        account = ("--organisation", ORGANISATION, "--account", ACCOUNT, "--base-url", base_url)
        processes.step(*commands.MANAGE, "connect", "opensolar", *account)
        _wait_for(port)
        processes.step(*commands.MANAGE, "demo_company", ORGANISATION, f"http://127.0.0.1:{port}/")
        processes.start("beat", *commands.BEAT)
        return processes.wait()
    finally:
        processes.end()


def _environment(port: str, sandbox_port: str) -> dict[str, str]:
    """The embedded defaults, whatever `.env` says, with secrets of its own that are kept beside the demo's data."""
    data = (Path(os.environ.get("DATA_DIR", ROOT / "data")) / "demo").resolve()
    data.mkdir(parents=True, exist_ok=True)
    own = {
        "DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data}/portal.sqlite3",
        "CELERY_BROKER_URL": f"sqla+sqlite:///{data}/broker.sqlite3",
        "CACHE_URL": "dbcache://portal_cache",
        "DEBUG": "off",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        # Nothing leaves the machine; /demo/mails/ shows what would have.
        "EMAIL_URL": f"filemail:///{quote(str(data / 'mails'))}",
        "DEMO_MAILS": "on",
        # An account that somebody connects by hand is one of the sandbox's, too.
        "VENDOR_BASE_URLS": f"opensolar=http://127.0.0.1:{sandbox_port}/opensolar",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        # The sandbox's own administrator; it opens nothing but the sandbox.
        "OPENSOLAR_USERNAME": "marie.curie@example.com",
        "OPENSOLAR_PASSWORD": "sunny-roofs-demo",
    }
    return {**os.environ, **own, **_secrets(data / "secrets")}


def _secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        whole = path.with_suffix(".new")
        whole.touch(mode=0o600)
        whole.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        # All or nothing: a half-written file would keep the demo from ever starting again.
        whole.rename(path)
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def _refuse_taken(port: str, name: str) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", int(port))) == 0:
            raise SystemExit(f"Port {port} is in use; choose another with {name}=…")


def _wait_for(port: str) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing answers at port {port} after {READY_WITHIN:.0f} s.")
