"""Serves the vendors' documented APIs on this machine: `manage.py sandbox`."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.sandbox.opensolar.people import BOTH_ORGS, KESTREL_ADMIN, ORGS, SUNNY_ADMIN, SUNNY_SALES
from portal.sandbox.server import HOST, Sandbox


class Command(BaseCommand):
    help = "Serves the vendors' documented APIs locally, with invented data and faults on demand, until it is ended."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=HOST)
        parser.add_argument("--port", type=int, default=9000, help="0 takes a free one")
        parser.add_argument("--projects", type=int, default=300, help="OpenSolar projects of the first organisation")
        parser.add_argument("--sites", type=int, default=40, help="Locus sites")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same world")

    def handle(self, **options: Any) -> None:
        for size in ("projects", "sites"):
            if options[size] < 0:
                raise CommandError(f"--{size} cannot be negative.")
        ended = Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: ended.set())
        names = ("host", "port", "projects", "sites", "seed")
        try:
            sandbox = Sandbox(**{name: options[name] for name in names}, verbose=options["verbosity"] > 1)
        except (OSError, OverflowError) as error:
            raise CommandError(f"Cannot serve on {options['host']}:{options['port']}: {error}") from error
        with sandbox:
            self._introduce(sandbox)
            ended.wait()

    def _introduce(self, sandbox: Sandbox) -> None:
        self.stdout.write(f"OpenSolar {sandbox.opensolar_url}   control {sandbox.control_url}/")
        self.stdout.write("Organisations " + ", ".join(f"{org.id} {org.name}" for org in ORGS))
        for user in (SUNNY_ADMIN, KESTREL_ADMIN, BOTH_ORGS, SUNNY_SALES):
            self.stdout.write(f"  {user.email}  {user.password}")
        self.stdout.flush()
