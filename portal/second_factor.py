"""Who needs a second factor and has none: the one rule, asked by the middleware, the pages and the adapter."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Case, Exists, OuterRef, QuerySet, Value, When
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, User

# Recovery codes are a way back to a factor and never stand alone.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondFactorMissing(Exception):
    """Raised where a person steps into an organisation that wants a second factor from them."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


def with_answer(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Each membership also says whether its organisation wants a factor of administrators that the person lacks.

    Part of the query that finds memberships anyway: nobody pays a query more, and a factor that is removed anywhere
    counts from the next request on, which an answer kept in a session would not.
    """
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    wanted = When(organisation__administrators_need_second_factor=True, then=~Exists(factors))
    return memberships.annotate(lacks_second_factor=Case(wanted, default=Value(False), output_field=BooleanField()))


def is_missing(membership: Membership) -> bool:
    """Whether this person gets in here only after setting one up; for memberships that went through `with_answer`."""
    return membership.kind == Kind.ADMINISTRATOR and bool(getattr(membership, "lacks_second_factor", False))


def has_one(user: User) -> bool:
    """Whether the person has a factor, of whatever kind."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def requiring(user: User) -> list[str]:
    """The names of the organisations in which this person has to keep a second factor."""
    with scopes_disabled():
        memberships = Membership.objects.filter(
            user=user, ended_at=None, organisation__administrators_need_second_factor=True
        )
        found = memberships.select_related("organisation").order_by("organisation__name")
        return [membership.organisation.name for membership in found if membership.kind == Kind.ADMINISTRATOR]


def is_last(authenticator: Authenticator) -> bool:
    """Whether the person has no other factor than this one."""
    mine = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS)
    return not mine.exclude(pk=authenticator.pk).exists()
