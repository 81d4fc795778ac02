"""`manage.py connect`: an organisation's account at a vendor, checked before it is stored."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django_scopes import scope

from portal.lib.errors import VendorError
from portal.management.prepared import PreparedCommand
from portal.registry import registry
from portal.services.connecting import CannotConnect, connect
from portal.services.webhooks import register_now


class Command(PreparedCommand):
    help = (
        "Connects an organisation to a vendor's account. Secrets come from the environment: OPENSOLAR_TOKEN, or "
        "OPENSOLAR_USERNAME and OPENSOLAR_PASSWORD."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("vendor", choices=sorted(registry.sources), metavar="VENDOR")
        parser.add_argument("--organisation", required=True, metavar="SLUG", help="created if it is new")
        parser.add_argument("--account", required=True, metavar="ID", help="the account's id at the vendor")
        parser.add_argument("--base-url", metavar="URL", help="what stands before /api/; default: the vendor's own")
        parser.add_argument("--no-webhooks", action="store_true", help="do not register the portal's webhooks")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument(
            "--machine-user", action="store_true", default=None, dest="machine_user", help="tokens do not expire"
        )
        switch.add_argument("--no-machine-user", action="store_false", dest="machine_user", help="tokens expire")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["organisation"]
        if not re.fullmatch(r"[-a-z0-9_]{1,50}", slug):
            raise CommandError(
                f"{slug!r} is no short name: use up to 50 small letters, digits and hyphens.", returncode=2
            )
        try:
            connection, verified = connect(
                options["vendor"],
                slug,
                options["account"],
                os.environ,
                base_url=options["base_url"],
                machine_user=options["machine_user"],
            )
        except (CannotConnect, VendorError) as problem:
            raise CommandError(" ".join(str(problem).split())) from problem
        with scope(organisation=connection.organisation):
            reporting = register_now(connection, wanted=not options["no_webhooks"])
        for remark in filter(None, (*verified.remarks, reporting)):
            self.stderr.write(remark)
        self.stdout.write(
            f"{connection.organisation} is connected to {registry.source(connection.vendor).setup.label} account "
            f"{connection.account_id}."
        )
