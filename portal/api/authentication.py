"""Bearer tokens: a token says who asks and in which organisation."""

from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed

from portal.access import Access
from portal.api.prepared import Prepared
from portal.models import Membership, Organisation, User

TOKEN = ("user__auth_token_set__digest", "user__auth_token_set__expiry")
MEMBER = ("id", "given_kind", "derived_kind", "prices", "costs", "ended_at", "organisation_id", "user_id")
ORGANISATION = ("id", "slug", "name")
USER = ("id", "email", "is_active")


def _by_token_key(key: Any) -> QuerySet[Any, Any]:
    """Tokens of this key, each with the membership that it acts for, its organisation and person."""
    with scopes_disabled():
        return Membership.objects.filter(
            user__auth_token_set__token_key=key, user__auth_token_set__organisation=F("organisation")
        ).values_list(
            *TOKEN, *MEMBER, *(f"organisation__{name}" for name in ORGANISATION), *(f"user__{name}" for name in USER)
        )


by_token_key = Prepared(_by_token_key)


class OrganisationToken(TokenAuthentication):  # type: ignore[misc]
    """Knox's header and hashing; one query brings the token, its person, organisation and membership."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, Access]:
        """The user and their access in the token's organisation; 401 with a sentence for all that is not valid."""
        invalid = _("This token is not valid. Make a new one with createtoken.")
        try:
            text = token.decode("ascii")
            expected = hash_token(text)
        except ValueError as error:
            raise AuthenticationFailed(invalid) from error
        for digest, expiry, *columns in by_token_key.rows(key=text[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if compare_digest(expected, digest):
                access = _access(columns)
                _insist(access, expiry)
                return access.user, access
        raise AuthenticationFailed(invalid)


def _access(columns: list[Any]) -> Access:
    values = iter(columns)
    membership, organisation, user = (
        _known(model, dict(zip(names, values, strict=False)))
        for model, names in ((Membership, MEMBER), (Organisation, ORGANISATION), (User, USER))
    )
    membership.organisation, membership.user = organisation, user
    return Access(membership, organisation, user)


def _known(model: type[Model], columns: dict[str, Any]) -> Any:
    """An instance with the columns that a request needs; any other is fetched when it is asked for."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db("default", names, [columns[name] for name in names])


def _insist(access: Access, expiry: datetime | None) -> None:
    if not access.user.is_active or (expiry is not None and expiry < timezone.now()):
        raise AuthenticationFailed(_("This token has expired. Make a new one with createtoken."))
    if access.membership.ended_at is not None:
        raise AuthenticationFailed(_("The person of this token no longer belongs to its organisation."))


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the token stands in the OpenAPI document."""

    target_class = OrganisationToken
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
