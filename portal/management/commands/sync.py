"""`manage.py sync`: mirrors here and now, without a worker."""

from __future__ import annotations

import json
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from django.core.management.base import CommandError
from django_scopes import scopes_disabled

from portal.management.prepared import PreparedCommand
from portal.management.progress_bar import ProgressBar
from portal.models import Connection, Organisation, RunState, SyncRun
from portal.registry import registry
from portal.services.syncing import run_now
from portal.sync.lease import LeaseTaken

WAIT_SECONDS = 60.0


class Command(PreparedCommand):
    help = "Mirrors an organisation's vendors now. Exit 0: all well; 1: something failed; 2: usage."
    # They would load every page, form and route: a fifth of a sync's memory for nothing that it uses.
    requires_system_checks = ()
    refused = 2

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", metavar="SLUG")
        parser.add_argument("vendors", nargs="*", metavar="VENDOR", help="default: all that are connected")
        parser.add_argument("--full", action="store_true", help="read everything again, also what did not change")
        parser.add_argument(
            "--wait", type=float, default=WAIT_SECONDS, metavar="SECONDS", help="how long to wait for a sync under way"
        )
        parser.add_argument("--json", action="store_true", help="print counts as JSON, and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        connections = _connections(options["organisation"], options["vendors"])
        report: dict[str, dict[str, Any]] = {}
        with _stopped_in_order():
            well = [self._sync(connection, report, options) for connection in connections]
        self.stdout.write(json.dumps(report) if options["json"] else _in_words(report))
        if not all(well):
            sys.exit(1)

    def _sync(self, connection: Connection, report: dict[str, dict[str, Any]], options: dict[str, Any]) -> bool:
        """Whether all is well with this account; one that is not does not stop the others."""
        figures = report.setdefault(connection.vendor, _empty())
        began = time.monotonic()
        try:
            with scopes_disabled(), ProgressBar(sys.stderr, connection.vendor) as bar:
                run = run_now(connection, full=options["full"], wait=options["wait"], listener=bar.show)
        except LeaseTaken:
            self.stderr.write(f"A sync of {connection} is still running; try again when it has ended.")
            return False
        _add(figures, run, time.monotonic() - began)
        if run.message:
            self.stderr.write(f"{connection}: {run.message}")
        return run.state == RunState.SUCCESS


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """SIGTERM and Ctrl-C leave through the `finally` blocks: the lease is given back, the run says it was stopped."""
    before = {number: signal.signal(number, _stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _connections(slug: str, vendors: list[str]) -> list[Connection]:
    with scopes_disabled():
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {slug}; connect makes one.", returncode=2)
        for vendor in vendors:
            if vendor not in registry.sources:
                known = ", ".join(sorted(registry.sources))
                raise CommandError(f"{vendor} is no vendor; choose from {known}.", returncode=2)
        rows = Connection.objects.filter(organisation=organisation).select_related("organisation")
        found = list(rows.filter(vendor__in=vendors) if vendors else rows)
    missing = set(vendors) - {connection.vendor for connection in found}
    if missing or not found:
        what = ", ".join(sorted(missing)) or "any vendor"
        raise CommandError(f"{slug} is not connected to {what}; use connect first.", returncode=2)
    return found


def _empty() -> dict[str, Any]:
    return {"resources": {}, "requests": 0, "seconds": 0.0}


def _add(total: dict[str, Any], run: SyncRun, seconds: float) -> None:
    """Adds a run to its vendor's figures; an organisation may have several accounts at one vendor."""
    for resource, counts in run.counts.items():
        sums = total["resources"].setdefault(resource, dict.fromkeys(counts, 0))
        for name, number in counts.items():
            sums[name] += number
    total["requests"] += run.requests
    total["seconds"] = round(total["seconds"] + seconds, 3)


def _in_words(report: dict[str, dict[str, Any]]) -> str:
    lines = []
    for vendor, figures in report.items():
        lines.append(f"{vendor}: {figures['requests']} requests, {figures['seconds']:.1f} s")
        for resource, counts in figures["resources"].items():
            shown = ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "nothing"
            lines.append(f"  {resource}: {shown}")
    return "\n".join(lines)
