"""Makes an API token: `manage.py createtoken EMAIL --organisation SLUG [--create]`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django_scopes import scope

from portal.management.prepared import PreparedCommand
from portal.models import ApiToken, Kind, Membership, Organisation, User
from portal.services.audit import note_command


class Command(PreparedCommand):
    help = "Prints a new API token of a person in an organisation, alone on its line. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organisation", required=True, metavar="SLUG", help="the organisation's short name")
        parser.add_argument(
            "--create", action="store_true", help="make EMAIL a local administrator there if they are not in it yet"
        )

    def handle(self, *args: Any, email: str, organisation: str, create: bool, **options: Any) -> None:
        home = Organisation.objects.filter(slug=organisation).first()
        if home is None:
            raise CommandError(f"There is no organisation {organisation}: `manage.py connect` makes one.")
        with transaction.atomic(), scope(organisation=home):
            user = self._user(email.strip().lower(), create)
            admitted = self._admit(user, home, create)
            _, token = ApiToken.objects.create(user=user, organisation=home)
            note_command(home, "token.created", str(user), email=user.email, **admitted)
        self.stdout.write(token)

    def _user(self, email: str, create: bool) -> User:
        user = User.objects.filter(email=email).first()
        if user is None and not create:
            raise CommandError(f"Nobody signs in as {email}: write --create to make them a local administrator.")
        if user is None:
            try:
                User._meta.get_field("email").clean(email, None)
            except ValidationError as error:
                raise CommandError(f"{email} is no e-mail address.") from error
            user = User.objects.create_user(email)
            self._tell(f"{email} is new; they set a password through “Forgot your password?”.")
        if not user.is_active:
            raise CommandError(f"{email} is switched off: their tokens would not be accepted.")
        return user

    def _admit(self, user: User, home: Organisation, create: bool) -> dict[str, str]:
        """The user belongs to the organisation, from now on if need be and allowed; as what, if they are new."""
        membership = Membership.objects.filter(user=user, organisation=home).first()
        if membership is None and not create:
            raise CommandError(
                f"{user.email} does not belong to {home.slug}: write --create to make them a local administrator."
            )
        if membership is None:
            Membership.objects.create(user=user, organisation=home, given_kind=Kind.ADMINISTRATOR)
            self._tell(f"{user.email} is now a local administrator of {home.slug}.")
            return {"let_in_as": str(Kind.ADMINISTRATOR)}
        if membership.ended_at is not None:
            raise CommandError(f"The access of {user.email} to {home.slug} has ended.")
        return {}

    def _tell(self, sentence: str) -> None:
        """Beside standard output, which carries the token alone."""
        self.stderr.write(sentence, self.style.SUCCESS)
