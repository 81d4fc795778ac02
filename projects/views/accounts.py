"""The organisation at OpenSolar, for administrators: asked for anew whenever the page is opened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import access_of, for_administrators
from portal.models import Connection
from projects.access import visible_accounts
from projects.services.accounts import read_account
from projects.services.edits.projects import connections_of
from projects.services.prices.panel import marks_on
from projects.services.prices.parts import PARTS, key_of


@for_administrators
@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """A line for each connected account, with what hinders OpenSolar from telling of it."""
    access = access_of(request)
    troubles = {str(found): why for found in _connections(request) if (why := read_account(found))}
    accounts = list(visible_accounts(access).select_related("connection").defer("connection__credentials"))
    marks = marks_on(access, PARTS["org"], accounts)
    context = {
        "troubles": troubles.items(),
        "lines": [(account, marks.get(key_of(account))) for account in accounts],
    }
    return render(request, "projects/prices/accounts.html", context)


def _connections(request: HttpRequest) -> list[Connection]:
    """Those that may be asked, with their credentials."""
    chosen = [one.pk for one in connections_of(access_of(request))]
    return list(Connection.objects.filter(pk__in=chosen).order_by("pk"))
