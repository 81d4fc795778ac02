"""What the buttons of the connection pages do: each asks a service and goes back to the page with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import access_of, for_administrators, opens
from portal.models import Connection, SyncProblem
from portal.services import connection_acts as acts
from portal.services import webhooks
from portal.services.audit import note
from portal.views import connection_words as words
from portal.views.connection_forms import MachineUserForm

Act = Callable[[HttpRequest, int], tuple[Connection, str]]
View = Callable[..., HttpResponseBase]


def _button(model: type[Model], noted_as: str, anchor: str = "") -> Callable[[Act], View]:
    """A POST by an administrator of the object's organisation; the act returns its connection and what to say.

    Nothing to say where the page shows it by itself: a run that was asked for. `noted_as` is its code in the audit log.
    """

    def decorate(act: Act) -> View:
        @opens(model)
        @for_administrators
        @require_POST
        @wraps(act)
        def pressed(request: HttpRequest, pk: int) -> HttpResponse:
            try:
                with transaction.atomic():
                    connection, said = act(request, pk)
                    note(access_of(request), noted_as, str(connection), button=act.__name__)
            except acts.CannotDo as reason:
                messages.error(request, str(reason))
                return _back(request, model, pk, anchor)
            if said:
                messages.success(request, said)
            return _back(request, Connection, connection.pk, anchor)

        return pressed

    return decorate


@_button(Connection, "connection.synced")
def sync(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Asks for a sync of everything."""
    found = _connection(pk)
    acts.sync_now(found, access_of(request).user)
    return found, ""


@_button(Connection, "connection.changed")
def pause(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """No more syncs until somebody resumes."""
    found = _connection(pk)
    acts.pause(found, access_of(request).user)
    return found, _("Paused. What the portal has stays; nothing is asked of the vendor until you resume.")


@_button(Connection, "connection.changed")
def resume(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Back to work, with a sync at once."""
    found = _connection(pk)
    acts.resume(found, access_of(request).user)
    return found, ""


@_button(Connection, "connection.changed")
def machine_user(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Says whether the login is to be a machine user."""
    found, form = _connection(pk), MachineUserForm(request.POST)
    if not form.is_valid():
        raise acts.CannotDo(_("Choose yes, no, or as it is."))
    acts.set_machine_user(found, form.wanted, access_of(request).user)
    if form.wanted is None:
        return found, _("Noted. The portal leaves this setting as it is at the vendor.")
    return found, _("Noted. The next sync tells the vendor.")


@_button(Connection, "connection.changed")
def switch_on(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Tries an optional call again that the vendor had refused."""
    found = _connection(pk)
    acts.switch_on(found, request.POST.get("part", ""), access_of(request).user)
    return found, _("The next sync asks for it again and reads everything anew.")


@_button(Connection, "connection.changed", "webhook")
def webhook(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Does what the pressed button says to the webhook."""
    found, act = _connection(pk), request.POST.get("act", "")
    if act in ("on", "off"):
        webhooks.set_wanted(found, act == "on")
        return found, _("Noted. The vendor is told in a moment.")
    if act == "secret":
        webhooks.replace_secret(found)
        return found, _("Replaced. The vendor is told in a moment; what it sends meanwhile it sends again.")
    if act not in webhooks.Wish.values:
        raise acts.CannotDo(_("There is no such act."))
    webhooks.ask(found, act)
    return found, _("A worker sees to it; load the page again in a moment.")


@_button(SyncProblem, "connection.problem", "problems")
def retry(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Asks the vendor for the record again."""
    problem = _problem(pk)
    acts.retry(problem, access_of(request).user)
    return problem.connection, _("It is asked for again. If it can be taken in now, it leaves this list.")


@_button(SyncProblem, "connection.problem", "problems")
def dismiss(request: HttpRequest, pk: int) -> tuple[Connection, str]:
    """Puts a problem aside."""
    problem = _problem(pk)
    acts.dismiss(problem)
    return problem.connection, _("Put aside. If it is still there at the next sync, it comes back.")


@opens(SyncProblem)
@for_administrators
@require_http_methods(["GET", "POST"])
def allow_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then says yes to many removals at once."""
    problem: SyncProblem = get_object_or_404(
        SyncProblem.objects.select_related("connection").defer("connection__credentials"),
        pk=pk,
        what=SyncProblem.What.REMOVALS,
        resolved_at=None,
    )
    if request.method == "POST":
        return _allowed(request, problem)
    vendor = problem.connection.vendor
    context = {
        "problem": problem,
        "vendor": words.vendor_label(vendor),
        "records": words.records(vendor, problem.resource),
    }
    return render(request, "portal/connections/allow_removal.html", context)


def _allowed(request: HttpRequest, problem: SyncProblem) -> HttpResponse:
    try:
        with transaction.atomic():
            acts.allow_removal(problem, access_of(request).user)
            note(access_of(request), "connection.removals_allowed", str(problem.connection), records=problem.resource)
    except acts.CannotDo as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Allowed. The sync asks for each of them once more and hides those that are gone."))
    return redirect("connection", pk=problem.connection_id)


def _connection(pk: int) -> Connection:
    return get_object_or_404(Connection.objects.defer("credentials"), pk=pk)


def _problem(pk: int) -> SyncProblem:
    problems = SyncProblem.objects.select_related("connection").defer("connection__credentials", "payload")
    return get_object_or_404(problems, pk=pk)


def _back(request: HttpRequest, model: type[Model], pk: int, anchor: str) -> HttpResponseRedirect:
    """To the page on which the button stood."""
    if model is SyncProblem:
        pk = _problem(pk).connection_id
    if request.POST.get("from") == "list":
        return redirect("connections")
    return HttpResponseRedirect(reverse("connection", args=[pk]) + (f"#{anchor}" if anchor else ""))
