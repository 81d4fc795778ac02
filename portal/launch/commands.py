"""The command lines of the portal's processes."""

from __future__ import annotations

import sys
from collections.abc import Mapping

MANAGE = (sys.executable, "manage.py")
CELERY = (sys.executable, "-m", "celery", "--quiet", "--app", "portal")


def port_of(environment: Mapping[str, str], name: str, usual: str) -> str:
    """The port that a variable names; SystemExit with a sentence for what is none."""
    text = environment.get(name) or usual
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65536):
        raise SystemExit(f"{name} is {text!r}: write a port from 1 to 65535.")
    return text


def web(port: str) -> tuple[str, ...]:
    """gunicorn with threads: pages wait for the database, not for the processor."""
    worker = ("--worker-class", "portal.launch.worker.PortalWorker")
    options = (*worker, "--workers", "3", "--threads", "4", "--graceful-timeout", "3")
    bind = ("--bind", f"127.0.0.1:{port}", "--log-level", "warning")
    # A pasted search may be long; what is longer than this is refused by the worker, before it costs anything.
    limits = ("--limit-request-line", str(64 * 1024))
    return (sys.executable, "-m", "gunicorn", "portal.wsgi", *bind, *options, *limits, "--no-control-socket")


WORKER = (*CELERY, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-gossip", "--without-mingle")
BEAT = (*CELERY, "beat", "--loglevel", "warning")


def sandbox(port: str) -> tuple[str, ...]:
    """The vendors, locally."""
    return (*MANAGE, "sandbox", "--port", port)
