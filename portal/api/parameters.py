"""Query parameters: each is known, given once and not empty; a typo never quietly returns everything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.request import Request

from portal.access import Access

SWITCHES = {"1": True, "true": True, "0": False, "false": False}
MIRRORED = ("removed", "payload")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for beside the records themselves."""

    removed: bool = False
    payload: bool = False


def check(request: Request, known: Collection[str]) -> None:
    """Raises ParseError (400) with a sentence for a parameter that is unknown, empty or given twice."""
    for name, values in request.query_params.lists():
        if name not in known:
            names = ", ".join(sorted(known)) or _("none")
            raise ParseError(_("There is no parameter {name} here. Known are: {names}.").format(name=name, names=names))
        if len(values) > 1:
            raise ParseError(_("The parameter {name} is given twice.").format(name=name))
        if not values[0].strip():
            raise ParseError(_("The parameter {name} is empty: leave it out or give it a value.").format(name=name))


def wanted(request: Request, access: Access) -> Wanted:
    """The switches of mirrored records; payloads only for who may see everything in them (403 else)."""
    asked = Wanted(removed=switch(request, "removed"), payload=switch(request, "payload"))
    if asked.payload and not access.is_administrator:
        raise PermissionDenied(_("Payloads are for administrators: leave out payload=1."))
    if asked.payload and not access.sees_all_money:
        raise PermissionDenied(_("Payloads hold prices and costs, which you may not see: leave out payload=1."))
    return asked


def switch(request: Request, name: str) -> bool:
    """A parameter that is on or off; off when left out."""
    value = request.query_params.get(name, "0")
    try:
        return SWITCHES[value.lower()]
    except KeyError as error:
        raise ParseError(_("{name} is either 1 or 0.").format(name=name)) from error
