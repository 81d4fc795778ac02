"""The team in one list: OpenSolar's roles, people who sign in without one, and local people who were only invited yet.

Three tables are one by a UNION of their keys and names, of which a page is cut; then that page's rows are loaded, in a
number of queries that does not depend on how many they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access import Access
from portal.models import Membership
from projects.access import visible_roles
from projects.models import Invitation, Role
from projects.services.invitations.inviting import pending
from projects.services.invitations.sending import FAILED
from projects.services.names import EMPTY, SPACE

A_PAGE = 50
LONGEST_SEARCH = 200
ALL, SIGNS_IN, NOT_INVITED, INVITED, TROUBLE, GONE = "", "signs-in", "not-invited", "invited", "trouble", "gone"
SHOWN = {
    ALL: _("All"),
    SIGNS_IN: _("Can sign in"),
    NOT_INVITED: _("Not invited"),
    INVITED: _("Invited"),
    TROUBLE: _("Expired or not sent"),
    GONE: _("Left or hidden"),
}
ROLE, MEMBER, INVITATION = "role", "member", "invitation"
PRESENT = Q(is_hidden=False, removed_at=None, withheld_at=None)
# Of a role: nobody signs in as it. Somebody did whose access has ended: they may be invited again.
NO_LOGIN = Q(membership=None) | Q(membership__ended_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list."""

    q: str = ""
    show: str = ALL
    page: str = ""

    def query(self, **changed: Any) -> str:
        """The same as a query string, with something changed."""
        values = {"q": self.q, "show": self.show, **changed}
        return "?" + urlencode({name: value for name, value in values.items() if value})


def read(params: Mapping[str, str]) -> Asked:
    """A search that is too long is cut; a filter that does not exist shows all."""
    show = params.get("show", "")
    # A database has no character NUL.
    words = params.get("q", "").replace("\0", "").strip()
    return Asked(words[:LONGEST_SEARCH], show if show in SHOWN else ALL, params.get("page", ""))


def keys_of(access: Access, asked: Asked) -> Page[Any]:
    """A page of (source, pk, name), by name."""
    parts = [_keys(rows, source) for source, rows in _sources(access, asked)]
    found = parts[0].union(*parts[1:], all=True).order_by("sort", "source", "pk")
    return Paginator(found, A_PAGE).get_page(asked.page)


def in_trouble() -> QuerySet[Invitation]:
    """Invitations that expired or could not be sent, of people who cannot sign in: what waits for an administrator."""
    who = Q(role=None) | Q(role__membership=None) | Q(role__membership__ended_at__isnull=False)
    return pending().filter(who).filter(Q(expires_at__lte=timezone.now()) | FAILED)


def named_roles(roles: QuerySet[Role]) -> QuerySet[Role]:
    """Roles with the name that stands in the list."""
    full = Trim(Concat("first_name", SPACE, "family_name"))
    return roles.annotate(label=Coalesce(NullIf("display", EMPTY), NullIf(full, EMPTY), "email"))


def _sources(access: Access, asked: Asked) -> list[tuple[str, QuerySet[Any]]]:
    return [
        (ROLE, _roles(access, asked)),
        (MEMBER, _members(asked)),
        (INVITATION, _invitations(asked)),
    ]


def _keys(rows: QuerySet[Any], source: str) -> QuerySet[Any]:
    keys: QuerySet[Any] = (
        rows.order_by()
        .annotate(source=Value(source, TextField()), sort=Lower("label", output_field=TextField()))
        .values_list("source", "pk", "sort")
    )
    return keys


def _roles(access: Access, asked: Asked) -> QuerySet[Any]:
    rows = named_roles(visible_roles(access, removed=True))
    mine = pending().filter(role=OuterRef("pk"))
    shown: dict[str, Callable[[], QuerySet[Any]]] = {
        ALL: lambda: rows,
        SIGNS_IN: lambda: rows.filter(membership__ended_at=None, membership__user__is_active=True),
        NOT_INVITED: lambda: rows.filter(PRESENT, ~Exists(mine), membership=None),
        INVITED: lambda: rows.filter(PRESENT, NO_LOGIN).filter(Exists(mine)),
        TROUBLE: lambda: rows.filter(pk__in=in_trouble().exclude(role=None).values("role")),
        GONE: lambda: rows.filter(~PRESENT | Q(membership__ended_at__isnull=False)),
    }
    return _search(
        shown[asked.show](),
        asked.q,
        "display",
        "first_name",
        "family_name",
        "email",
        "user_email",
        "job_title",
        "phone",
    )


def _members(asked: Asked) -> QuerySet[Any]:
    """Who signs in, or did, without a role at OpenSolar."""
    full = Trim(Concat("user__first_name", SPACE, "user__last_name", output_field=TextField()))
    rows = Membership.objects.filter(role=None).annotate(label=Coalesce(NullIf(full, EMPTY), "user__email"))
    mine = pending().filter(role=None, email=OuterRef("user__email"))
    shown: dict[str, Callable[[], QuerySet[Any]]] = {
        ALL: lambda: rows,
        SIGNS_IN: lambda: rows.filter(ended_at=None, user__is_active=True),
        NOT_INVITED: rows.none,
        INVITED: lambda: rows.exclude(ended_at=None).filter(Exists(mine)),
        TROUBLE: lambda: rows.filter(user__email__in=in_trouble().filter(role=None).values("email")),
        GONE: lambda: rows.exclude(ended_at=None),
    }
    return _search(shown[asked.show](), asked.q, "user__first_name", "user__last_name", "user__email")


def _invitations(asked: Asked) -> QuerySet[Any]:
    """Local people who were invited and have no line yet as somebody who signs in, or did."""
    known = Membership.objects.filter(role=None, user__email=OuterRef("email"))
    rows = pending().filter(~Exists(known), role=None)
    rows = rows.annotate(label=Coalesce(NullIf("name", EMPTY), "email"))
    shown: dict[str, Callable[[], QuerySet[Any]]] = {
        ALL: lambda: rows,
        SIGNS_IN: rows.none,
        NOT_INVITED: rows.none,
        INVITED: lambda: rows,
        TROUBLE: lambda: rows.filter(pk__in=in_trouble().values("pk")),
        GONE: rows.none,
    }
    return _search(shown[asked.show](), asked.q, "name", "email")


def _search(rows: QuerySet[Any], q: str, *columns: str) -> QuerySet[Any]:
    """Every word stands somewhere."""
    for word in q.split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def anybody_was_invited(access: Access) -> bool:
    """Whether the team has begun to come: the last step of the first run."""
    return Invitation.objects.exists()
