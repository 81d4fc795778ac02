"""What the portal itself puts on the home page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import access_of
from portal.models import Connection
from portal.services.age import DataAge, age_of, worst
from portal.services.connection_health import problems_by_connection
from portal.views.figures import Figure


def connections_tile(request: HttpRequest) -> dict[str, Any]:
    """Whether the vendors answer, what could not be taken in, and when the last sync ended."""
    access = access_of(request)
    rows = Connection.objects.filter(organisation=access.organisation).defer("credentials")
    ages = [age_of(connection) for connection in rows]
    if not ages:
        note = _("Connect OpenSolar to see your projects here")
        return {"figures": [Figure(_("Connections"), "plug", _("None yet"), note, reverse("connections"))]}
    return {"figures": [_working(ages), _problems(problems_by_connection(access)), _last_sync(worst(ages))]}


def _working(ages: Sequence[DataAge]) -> Figure:
    working = sum(age.level == "well" for age in ages)
    value = _("%(working)s of %(total)s") % {"working": working, "total": len(ages)}
    age = worst(ages)
    return Figure(_("Connections working"), "plug", value, age.label, reverse("connections"), age.level)


def _problems(by_connection: dict[int, int]) -> Figure:
    """Leads to the one connection that has them, else to all, each with its own number."""
    number, url = sum(by_connection.values()), reverse("connections")
    if len(by_connection) == 1:
        url = reverse("connection", args=list(by_connection)) + "#problems"
    note = ngettext("A record or a decision waits", "Records and decisions that wait", number)
    note = note if number else _("Every record was taken in")
    return Figure(_("Problems open"), "alert", number, note, url, "act" if number else "")


def _last_sync(age: DataAge) -> Figure:
    note = _("The oldest of your connections")
    return Figure(_("Last sync"), "refresh", age.at or _("Not yet"), note, reverse("connections"))
