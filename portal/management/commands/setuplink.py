"""`manage.py setuplink`: the address at which the first administrator of an empty portal makes themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse

from portal.management.prepared import PreparedCommand
from portal.services.first_run import NotNeeded, secret


class Command(PreparedCommand):
    help = "Prints the link with which a new portal gets its first administrator; nothing once anybody can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="", help="where the portal answers; default: PORTAL_BASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = reverse("welcome_begin", args=[secret()])
        except NotNeeded:
            return
        address = settings.PORTAL_BASE_URL or options["address"]
        self.stdout.write("Nobody can sign in yet. Open this to name your company and yourself:")
        self.stdout.write(f"  {address.rstrip('/')}{path}")
