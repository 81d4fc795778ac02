"""The administrator's pages about connections: all of them, one of them, its run under way, a record's payload."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from portal.access import access_of, for_administrators, opens
from portal.models import Connection, SyncProblem
from portal.registry import registry
from portal.services.audit import note
from portal.services.connection_acts import replace_credentials
from portal.views import connection_words as words
from portal.views.connection_budget import budget_panel
from portal.views.connection_forms import LoginForm, MachineUserForm
from portal.views.connection_panels import Card, card_of, cards, panel_of
from portal.views.connection_tables import problems_table, runs_table
from portal.views.connection_webhook import completeness_panel, webhook_panel

PLAIN = "text/plain; charset=utf-8"


@for_administrators
@require_GET
def connections(request: HttpRequest) -> HttpResponse:
    """All connections of the organisation, each with its state, its age and its run."""
    return render(request, "portal/connections/list.html", {"cards": cards(Connection.objects.all())})


@opens(Connection)
@for_administrators
@require_GET
def connection(request: HttpRequest, pk: int) -> HttpResponse:
    """One connection: how it is, the run under way, problems, runs, settings."""
    found = _found(pk)
    return render(request, "portal/connections/detail.html", _whole(request, card_of(found, panel_of(found))))


@opens(Connection)
@for_administrators
@require_GET
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """What of the vendor's limits is used: a part of the connection's page, or without scripts a page of its own."""
    found = _found(pk)
    panel = budget_panel(found)
    if panel is None:
        raise Http404
    template = "budget.html" if request.htmx else "budget_page.html"  # type: ignore[attr-defined]
    return render(request, f"portal/connections/{template}", {"budget": panel, "connection": found})


@opens(Connection)
@for_administrators
@require_GET
def run_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The run under way, for htmx; once it has ended, all that it changed on the page (`card`: in the list)."""
    in_list = "card" in request.GET
    found = _found(pk)
    panel = panel_of(found)
    if panel is not None and panel.live:
        return render(request, "portal/connections/panel.html", {"panel": panel, "pk": pk, "in_list": in_list})
    if in_list:
        ended = render(request, "portal/connections/card.html", {"card": card_of(found, panel)})
    else:
        ended = render(request, "portal/connections/body.html", _whole(request, card_of(found, panel)))
    ended["HX-Retarget"] = f"#connection-{pk}"
    return ended


@opens(SyncProblem)
@for_administrators
@require_GET
def payload(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a problem as it was received, secrets taken out; as plain text, whatever it holds.

    It may hold prices and costs: whoever does not see both is told so (403).
    """
    problem = get_object_or_404(SyncProblem, pk=pk)
    if not access_of(request).sees_all_money:
        return HttpResponse(str(words.WITHHELD), status=403, content_type=PLAIN)
    return HttpResponse(problem.payload, content_type=PLAIN)


@opens(Connection)
@for_administrators
@sensitive_post_parameters("token", "password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest, pk: int) -> HttpResponse:
    """A new login for the connection: stored encrypted, tried by the sync that is asked for at once."""
    found = _found(pk)
    form = LoginForm(found.vendor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            replace_credentials(found, form.cleaned_data["credentials"], request.user)  # type: ignore[arg-type]
            note(access_of(request), "connection.credentials", str(found))
        messages.success(request, _("The new login is stored. The sync below tries it now."))
        return redirect("connection", pk=pk)
    context = {"form": form, "connection": found, "vendor": words.vendor_label(found.vendor)}
    return render(request, "portal/connections/login.html", context, status=422 if form.errors else 200)


def _found(pk: int) -> Connection:
    return get_object_or_404(Connection.objects.defer("credentials"), pk=pk)


def _whole(request: HttpRequest, card: Card) -> dict[str, Any]:
    source = registry.sources.get(card.connection.vendor)
    return {
        "card": card,
        "problems": problems_table(access_of(request), card.connection, request.GET),
        "runs": runs_table(card.connection, request.GET),
        "machine_user_form": MachineUserForm.showing(card.connection),
        "webhook": webhook_panel(card.connection),
        "completeness": completeness_panel(card.connection),
        "has_limits": bool(source and source.limits),
    }
