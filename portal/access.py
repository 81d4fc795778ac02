"""Who is asking, in which organisation, with which rights: the one place that views, API and admin ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django_scopes import scope, scopes_disabled

from portal.models import Kind, Membership, Organisation, User
from portal.second_factor import SecondFactorMissing, is_missing, with_answer

SESSION_KEY = "organisation"
M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Access:
    """A person's rights in one organisation."""

    membership: Membership
    organisation: Organisation
    user: User

    @property
    def kind(self) -> Kind:
        """The kind of person."""
        return self.membership.kind

    @property
    def is_administrator(self) -> bool:
        """May connect vendors, see runs and problems, use the Django admin."""
        return self.kind == Kind.ADMINISTRATOR

    @property
    def sees_all_projects(self) -> bool:
        """Administrators and sales see the whole pipeline; the others what they are named on."""
        return self.kind in (Kind.ADMINISTRATOR, Kind.SALES)

    @property
    def sees_prices(self) -> bool:
        """What the customer pays."""
        return self.membership.sees_prices

    @property
    def sees_costs(self) -> bool:
        """What it costs the company, and its profit."""
        return self.membership.sees_costs

    @property
    def sees_all_money(self) -> bool:
        """Prices and costs alike: what it takes to read vendors' bodies, which may hold either anywhere."""
        return self.sees_prices and self.sees_costs


def memberships_of(user: User) -> list[Membership]:
    """The organisations that a user may enter, by name; ended memberships are none."""
    with scopes_disabled():
        mine = with_answer(Membership.objects.filter(user=user, ended_at=None))
        return list(mine.select_related("organisation").order_by("organisation__name"))


@contextmanager
def acting(request: HttpRequest, membership: Membership) -> Iterator[None]:
    """Everything inside happens in this membership's organisation."""
    before = getattr(request, "access", None)
    request.access = Access(membership, membership.organisation, request.user)  # type: ignore[attr-defined,arg-type]
    try:
        with scope(organisation=membership.organisation):
            yield
    finally:
        if before is not None:
            request.access = before  # type: ignore[attr-defined]


def access_of(request: HttpRequest) -> Access:
    """The person's access; 404 for a signed-in user who belongs to no organisation."""
    access = getattr(request, "access", None)
    if access is None:
        raise Http404
    return access  # type: ignore[no-any-return]


def for_administrators(view: View) -> View:
    """The page exists for administrators alone; for others it is not there (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access_of(request).is_administrator:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def opens(model: type[Model]) -> Callable[[View], View]:
    """The view of one object (`pk`) opens in whichever organisation of mine holds it, and switches the session to it.

    What a person may see inside that organisation stays the view's matter. An object of no organisation of mine is
    a 404, like one that does not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            access = access_of(request)
            home = organisation_of(model, pk)
            if home == access.organisation.pk:
                return view(request, pk, *args, **kwargs)
            for membership in request.memberships:  # type: ignore[attr-defined]
                if membership.organisation_id == home:
                    if is_missing(membership):
                        raise SecondFactorMissing(membership)
                    with acting(request, membership):
                        answer = view(request, pk, *args, **kwargs)
                    request.session[SESSION_KEY] = home
                    return answer
            raise Http404

        return opened

    return decorate


def organisation_of(model: type[Model], pk: int) -> int | None:
    """The organisation that an object belongs to, directly or through its connection."""
    path = "organisation" if any(f.name == "organisation" for f in model._meta.fields) else "connection__organisation"
    with scopes_disabled():
        found: int | None = model._default_manager.filter(pk=pk).values_list(path, flat=True).first()
    return found
