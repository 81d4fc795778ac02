"""Creating, editing and deleting a project: forms for sales staff and administrators; nobody else finds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import access_of, opens
from portal.models import Delivery, DeliveryState, MirroredRecord, Verb
from portal.services import deliveries, outbox
from projects.models import Project
from projects.services.edits import projects as edits
from projects.services.edits.checking import Wrong
from projects.services.edits.correcting import left_over, seen_before
from projects.services.edits.panel import signature
from projects.services.edits.projects import Seen, seen_of
from projects.services.edits.shown import contacts_of, deliveries_of
from projects.services.names import customer_of
from projects.services.story import record as story
from projects.views.edits_forms import NewContacts, ProjectForm, as_data, new_contacts_in, show_errors

View = Callable[..., HttpResponseBase]
Made = TypeVar("Made", bound=Delivery | None)
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def for_writers(view: View) -> View:
    """The page exists for sales staff and administrators alone; for others it is not there (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not deliveries.may_write(access_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def project_of(request: HttpRequest, pk: int) -> Project:
    """A project that this person sees and that OpenSolar still shows."""
    return get_object_or_404(story.openable(access_of(request)).filter(removed_at=None, withheld_at=None), pk=pk)


def occasion(request: HttpRequest) -> UUID:
    """What tells a second click from a second wish; forms carry it."""
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid4()


def once_only(request: HttpRequest, act: Callable[[UUID], Made]) -> Delivery | Made:
    """What the act makes; after a second click what the first one made, and nothing is checked anew."""
    once = occasion(request)
    return outbox.stored(once) or act(once)


def refused_before(request: HttpRequest, resource: str, record: MirroredRecord | None) -> Delivery | None:
    """The refused edit of this record, or without one the refused new record, that is being corrected: if the address
    or the form names one of this person's."""
    number = request.POST.get("from") or request.GET.get("from", "")
    rows = deliveries.visible(access_of(request)).filter(state=DeliveryState.REFUSED, resource=resource)
    if record is None:
        rows = rows.filter(verb=Verb.CREATE)
    else:
        key = str(getattr(record, record.VENDOR_KEY))
        rows = rows.filter(verb=Verb.CHANGE, connection=record.connection_id, vendor_id=key)
    return rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None


def asked_account(request: HttpRequest, refused: Delivery | None) -> str:
    """The account that a new record is for: the one chosen, else the one that refused it."""
    chosen = request.POST.get("connection") or request.GET.get("connection", "")
    return chosen or (str(refused.connection_id) if refused else "")


def give_up(refused: Delivery | None) -> None:
    """What was corrected takes the place of what was refused; somebody who did that first has done it for both."""
    if refused is not None:
        with suppress(outbox.CannotDo):
            outbox.cancel(refused)


@for_writers
@GET_OR_POST
def project_new(request: HttpRequest) -> HttpResponse:
    """A new project with its customers."""
    access = access_of(request)
    choices = edits.connections_of(access)
    if not choices:
        messages.info(request, _("Connect an OpenSolar account first; a project is made there."))
        return redirect("projects")
    refused = refused_before(request, edits.PROJECTS, None)
    wanted = asked_account(request, refused)
    connection = next((one for one in choices if str(one.pk) == wanted), choices[0])
    form, formset = _forms(request, connection, refused, {})
    if request.method == "POST" and "add" not in request.POST and form.is_valid() and formset.is_valid():
        given = {**form.cleaned_data, "contacts_new": new_contacts_in(formset)}
        try:
            made = once_only(request, lambda once: edits.create_project(access, connection, given, once=once))
        except Wrong as wrong:
            show_errors(form, wrong.fields, formset)
        else:
            give_up(refused)
            messages.success(request, _("Kept, and on its way to OpenSolar."))
            return redirect("delivery", made.pk)
    context = {
        "form": form,
        "formset": formset,
        "refused": refused,
        "choices": choices,
        "connection": connection,
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/new.html", context)


@opens(Project)
@for_writers
@GET_OR_POST
def project_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The fields of a project; only what differs from what was shown goes to OpenSolar."""
    access, project = access_of(request), project_of(request, pk)
    refused = refused_before(request, edits.PROJECTS, project)
    seen = Seen.read(request.POST.get("seen", "")) or seen_before(refused, seen_of(project))
    form, formset = _forms(request, project.connection, refused, seen.values)
    carried, alone = left_over(refused, {*form.fields, "contacts_new"}), "alone" in request.POST
    if request.method == "POST" and "add" not in request.POST and form.is_valid() and formset.is_valid():
        given: dict[str, Any] = {**form.cleaned_data, **({} if alone else carried)}
        if fresh := new_contacts_in(formset):
            given["contacts_new"] = fresh
        try:
            made = once_only(request, lambda once: edits.edit_project(access, project, given, seen, once=once))
        except Wrong as wrong:
            show_errors(form, wrong.fields, formset)
        else:
            give_up(refused)
            return _gone_on(request, pk, made)
    context = {
        "project": project,
        "customer": customer_of(project),
        "form": form,
        "formset": formset,
        "refused": refused,
        "carried": [line for line in deliveries.lines_of(refused) if line.name in carried] if refused else [],
        "alone": alone,
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/edit.html", context)


@opens(Project)
@for_writers
@GET_OR_POST
def project_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Deletes a project at OpenSolar, once its name was typed."""
    access, project = access_of(request), project_of(request, pk)
    seen = Seen.read(request.POST.get("seen", "")) or seen_of(project)
    error = ""
    if request.method == "POST":
        try:
            edits.insist_on_typed(project, request.POST.get("typed", ""))
        except Wrong as wrong:
            error = str(wrong)
        else:
            edits.delete_project(access, project, seen, once=occasion(request))
            messages.success(request, _("Kept, and on its way to OpenSolar: the project is deleted there."))
            return redirect("project", pk)
    context = {
        "name": edits.name_of(project),
        "what": _("Its systems, proposals and files at OpenSolar go with it. Here it stays, marked as removed."),
        "trail": [(_("Projects"), reverse("projects")), (customer_of(project), reverse("project", args=[project.pk]))],
        "error": error,
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/delete.html", context)


@require_safe
@opens(Project)
def project_edits(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Polled while edits are under way: 204, and once one has moved the event that lets the page read itself."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    answer = HttpResponse(status=204)
    if request.GET.get("was", "") != signature(deliveries_of(project, contacts_of(project))):
        answer["HX-Trigger"] = "project-came"
    return answer


def _forms(
    request: HttpRequest, connection: Any, refused: Delivery | None, values: Mapping[str, Any]
) -> tuple[ProjectForm, Any]:
    """The two forms as they were sent, as they were refused, or with the values there are now."""
    if request.method == "POST":
        data = request.POST.copy()
        if "add" in request.POST:
            total = request.POST.get("form-TOTAL_FORMS", "0")
            data["form-TOTAL_FORMS"] = str(int(total if total.isdecimal() and len(total) < 5 else 0) + 1)
        form, formset = ProjectForm(connection, data), NewContacts(data)
        formset.is_valid()
        return form, formset
    if refused is not None:
        typed = as_data({**values, **refused.body}, refused.body.get("contacts_new", ()))
        form, formset = ProjectForm(connection, typed), NewContacts(typed)
        if form.is_valid() and formset.is_valid():
            show_errors(form, refused.errors, formset)
        return form, formset
    return ProjectForm(connection, initial=values), NewContacts()


def _gone_on(request: HttpRequest, pk: int, made: Delivery | None) -> HttpResponse:
    if made is None:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("Kept, and on its way to OpenSolar."))
    return redirect("project", pk)
