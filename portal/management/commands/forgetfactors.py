"""Lets somebody in again who lost phone and recovery codes: `manage.py forgetfactors EMAIL`."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.access import memberships_of
from portal.accounts import post
from portal.management.prepared import PreparedCommand
from portal.models import User
from portal.services.audit import note_command


class Command(PreparedCommand):
    help = (
        "Removes the authenticator app, passkeys and recovery codes of somebody who lost them. They sign in with their "
        "password, and set up new ones at once where their organisation wants that of its administrators."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        with transaction.atomic():
            factors = list(Authenticator.objects.select_for_update().filter(user=user))
            if not factors:
                raise CommandError(f"{user.email} has no second factor.")
            Authenticator.objects.filter(pk__in=[factor.pk for factor in factors]).delete()
            for membership in memberships_of(user):
                note_command(membership.organisation, "team.factors_forgotten", str(user), email=user.email)
        text = render_to_string("account/email/factors_forgotten.txt", {"person": user})
        post(EmailMessage(_("Your second factor was removed"), text, to=[user.email]))
        self.stdout.write(f"{user.email} signs in with the password alone until they set up a new second factor.")
