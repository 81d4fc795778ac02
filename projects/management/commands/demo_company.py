"""`manage.py demo_company`: people to sign in as, and the first sync, for `make demo`."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope

from portal.models import Connection, Kind, Membership, Organisation, RunState, SyncRun, User
from portal.services.nudges import nudge_run
from portal.services.organisation import end_first_run
from portal.services.syncing import ask_for_sync
from projects.models import Role
from projects.services.kinds import kinds_to_be
from projects.services.rights import apply_role

PASSWORD = "sunny-roofs-demo"
WAIT_SECONDS = 60.0
SHOWN = (Kind.ADMINISTRATOR, Kind.SALES, Kind.INSPECTOR, Kind.INSTALLER, Kind.UNASSIGNED)


class Command(BaseCommand):
    help = "Asks the worker for the first sync of the demo's company, makes its people and prints their logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation")
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.get(slug=options["organisation"])
        with scope(organisation=organisation):
            run = ask_for_sync(Connection.objects.get(), nudge=nudge_run)
            self.stdout.write("The first sync runs …")
            ended = _wait(run)
            if ended.state == RunState.FAILED:
                raise CommandError(f"The first sync failed: {ended.message}")
            end_first_run(organisation)
            logins = [_login(organisation, kind) for kind in SHOWN]
        self.stdout.write(f"\nInstaller Portal answers at {options['address']}\n\n")
        for kind, email in filter(None, logins):
            self.stdout.write(f"  {kind.label:<18} {email}")
        self.stdout.write(f"\n  Password of all: {PASSWORD}\n")
        if settings.DEMO_MAILS:
            self.stdout.write(f"  Mails it would have sent: {options['address']}demo/mails/\n")
        self.stdout.write("  Ctrl-C ends the demo.\n")
        self.stdout.flush()


def _wait(run: SyncRun) -> SyncRun:
    give_up = time.monotonic() + WAIT_SECONDS
    while run.finished_at is None and time.monotonic() < give_up:
        time.sleep(0.2)
        run.refresh_from_db()
    return run


def _login(organisation: Organisation, kind: Kind) -> tuple[Kind, str] | None:
    """A user for the first visible role of that kind, bound to it as an accepted invitation would."""
    roles = list(Role.objects.filter(is_hidden=False, removed_at=None).order_by("opensolar_id"))
    kinds = kinds_to_be(roles)
    role = next((role for role in roles if kinds[role.pk][0] == kind), None)
    if role is None:
        return None
    user = User.objects.filter(email=role.email).first()
    if user is None:
        user = User.objects.create_user(role.email, PASSWORD, first_name=role.first_name, last_name=role.family_name)
    membership, _ = Membership.objects.get_or_create(organisation=organisation, user=user)
    if role.membership_id is None:
        Role.objects.filter(pk=role.pk).update(membership=membership)
        role.membership = membership
    apply_role(role)
    return kind, user.email
