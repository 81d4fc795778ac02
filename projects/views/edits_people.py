"""The customers of a project and their data, and a project's stage: forms for sales staff and administrators."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import access_of, opens
from projects.access import visible_contacts, visible_projects
from projects.models import Contact, Project
from projects.services.edits import contacts as edits_contacts
from projects.services.edits import projects as edits
from projects.services.edits import stage as edits_stage
from projects.services.edits.checking import Wrong
from projects.services.edits.correcting import seen_before
from projects.services.edits.projects import Seen, seen_of
from projects.services.names import customer_of
from projects.services.stages import stage_label
from projects.views.edits import GET_OR_POST, for_writers, give_up, occasion, once_only, project_of, refused_before
from projects.views.edits_forms import KnownContactForm, NewContacts, as_data, new_contacts_in, show_errors


@opens(Project)
@for_writers
@GET_OR_POST
def project_customers(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Whose project it is: contacts taken off, others put on, new ones made with it."""
    access, project = access_of(request), project_of(request, pk)
    seen = Seen.read(request.POST.get("seen", "")) or seen_of(project)
    formset = NewContacts(request.POST if request.method == "POST" else None)
    errors: list[str] = []
    if request.method == "POST" and formset.is_valid():
        numbers = [*request.POST.getlist("keep"), *request.POST.getlist("put")]
        given: dict[str, Any] = {"contacts": numbers}
        if fresh := new_contacts_in(formset):
            given["contacts_new"] = fresh
        try:
            made = once_only(request, lambda once: edits.edit_project(access, project, given, seen, once=once))
        except Wrong as wrong:
            errors = [text for texts in wrong.fields.values() for text in texts]
        else:
            messages.success(request, _("Kept, and on its way to OpenSolar.") if made else _("Nothing was changed."))
            return redirect("project", pk)
    current = seen.values.get("contacts", [])
    typed = request.GET.get("q", "")
    known = {c.opensolar_id: c for c in _contacts(project).filter(opensolar_id__in=current)}
    context = {
        "project": project,
        "customer": customer_of(project),
        "customers": [(number, known.get(number)) for number in current],
        "found": edits_contacts.to_put_on(access, project, typed, current),
        "q": typed,
        "formset": formset,
        "errors": errors,
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/customers.html", context)


@opens(Contact)
@for_writers
@GET_OR_POST
def contact_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A customer's own data; only what differs from what was shown is written."""
    access, contact = access_of(request), _contact(request, pk)
    project, back = _project_of(request, contact)
    refused = refused_before(request, edits.CONTACTS, contact)
    now = edits_contacts.seen_of_contact(contact)
    seen = Seen.read(request.POST.get("seen", "")) or seen_before(refused, now)
    if request.method == "POST":
        form = KnownContactForm(request.POST)
    elif refused is not None:
        forget = {} if refused.body.get("date_of_birth", True) else {"forget_date_of_birth": "on"}
        form = KnownContactForm({**as_data({**seen.values, **refused.body}), **forget})
        if form.is_valid():
            show_errors(form, refused.errors)
    else:
        form = KnownContactForm(initial=dict(seen.values))
    if request.method == "POST" and form.is_valid():
        number = project.pk if project else None
        try:
            made = once_only(
                request,
                lambda once: edits_contacts.edit_contact(access, contact, form.given, seen, project=number, once=once),
            )
        except Wrong as wrong:
            show_errors(form, wrong.fields)
        else:
            give_up(refused)
            messages.success(request, _("Kept, and on its way to OpenSolar.") if made else _("Nothing was changed."))
            return redirect(back)
    context = {
        "contact": contact,
        "project": project,
        "back_url": back,
        "form": form,
        "refused": refused,
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/contact.html", context)


@opens(Contact)
@for_writers
@GET_OR_POST
def contact_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Deletes a customer at OpenSolar, once the name was typed."""
    access, contact = access_of(request), _contact(request, pk)
    project, back = _project_of(request, contact)
    seen = Seen.read(request.POST.get("seen", "")) or edits_contacts.seen_of_contact(contact)
    error = ""
    if request.method == "POST":
        try:
            edits_contacts.insist_on_typed(contact, request.POST.get("typed", ""))
        except Wrong as wrong:
            error = str(wrong)
        else:
            number = project.pk if project else None
            edits_contacts.delete_contact(access, contact, seen, project=number, once=occasion(request))
            messages.success(request, _("Kept, and on its way to OpenSolar: the customer is deleted there."))
            return redirect(back)
    name = edits_contacts.name_of(contact)
    context = {
        "name": name,
        "what": _("OpenSolar takes them off all their projects."),
        "trail": [(_("Projects"), reverse("projects")), (customer_of(project) if project else name, back)],
        "error": error,
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/delete.html", context)


@opens(Project)
@for_writers
@require_POST
def project_stage(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Moves the project; backwards only after the question whether that is meant."""
    access, project = access_of(request), project_of(request, pk)
    wanted, seen = request.POST.get("stage", ""), Seen.read(request.POST.get("seen", "")) or seen_of(project)
    kind, _colon, number = wanted.rpartition(":")
    if not number.isdecimal() or len(number) > 17:
        messages.error(request, _("Choose a stage."))
        return _back(request, pk)
    options: dict[str, Any] = {"confirmed": "confirmed" in request.POST, "seen": seen}
    move = edits_stage.change_workflow_stage if kind == "workflow" else edits_stage.change_stage
    try:
        made = once_only(request, lambda once: move(access, project, int(number), once=once, **options))
    except edits_stage.Backwards as question:
        context = {
            "project": project,
            "customer": customer_of(project),
            "question": str(question),
            "stage": stage_label(seen.values.get("stage")),
            "wanted": wanted,
            "seen": request.POST.get("seen") or seen.signed(),
            "once": request.POST.get("once") or uuid4(),
            "back": request.POST.get("back", ""),
        }
        return render(request, "projects/edits/backwards.html", context)
    except (edits.Refused, Wrong) as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Kept, and on its way to OpenSolar.") if made else _("Nothing was changed."))
    return _back(request, pk)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the board that the project was moved on, else to its page."""
    back = request.POST.get("back", "")
    return redirect(back) if back.startswith(reverse("projects_board")) else redirect("project", pk)


def _contacts(project: Project) -> Any:
    return Contact.objects.filter(connection=project.connection_id)


def _contact(request: HttpRequest, pk: int) -> Contact:
    rows = visible_contacts(access_of(request)).select_related("connection__organisation")
    return get_object_or_404(rows.defer("connection__credentials"), pk=pk)


def _project_of(request: HttpRequest, contact: Contact) -> tuple[Project | None, str]:
    """A project of this customer, and the page to go back to: the customer's own where one came from there."""
    own = reverse("contact", args=[contact.pk])
    if request.GET.get("back") == "contact":
        return None, own
    rows = visible_projects(access_of(request)).filter(contact_links__contact=contact)
    project = edits.named(rows).order_by("-modified_date", "-pk").first()
    return project, reverse("project", args=[project.pk]) if project else own
