"""Adding, editing and deleting prices and components: administrators alone, and never without a second question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.access import access_of
from portal.models import Delivery
from projects.services.edits import projects as edits
from projects.services.edits.checking import Wrong
from projects.services.edits.projects import Refused, Seen
from projects.services.prices import book as pricebook
from projects.services.prices import edits as price_edits
from projects.services.prices.costing_figures import UNITS
from projects.services.prices.panel import panel_of
from projects.services.prices.parts import PARTS, Part, PriceRecord, name_of, part_of
from projects.services.prices.words import label_of, value_of
from projects.views.edits import asked_account, give_up, occasion, refused_before
from projects.views.price_forms import PriceForm, as_sent

Wanted = Callable[[Mapping[str, Any]], dict[str, Any]]


def price_page(request: HttpRequest, pk: int, resource: str) -> HttpResponse:
    """One record, one that OpenSolar has removed included: what it says, and what changed in it."""
    access, part = access_of(request), PARTS[resource]
    record = get_object_or_404(part.visible(access, removed=True), pk=pk)
    context = {
        **panel_of(access, record),
        "record": record,
        "part": part,
        "card": None if part.is_single else pricebook.card_of(access, record),
        "show": part.query.rpartition("=")[2],
        "units": UNITS.values(),
    }
    return render(request, "projects/prices/page.html", context)


def price_new(request: HttpRequest, resource: str) -> HttpResponse:
    """A new record, once what it is made of was confirmed."""
    access, part = access_of(request), _part(request, resource)
    if not part.may_add(access):
        raise Http404
    choices = edits.connections_of(access)
    if not choices:
        messages.info(request, _("Connect an OpenSolar account first; prices and components are kept there."))
        return redirect(part.list_url)
    refused = refused_before(request, part.resource, None)
    asked = asked_account(request, refused)
    connection = next((one for one in choices if str(one.pk) == asked), choices[0])
    form = _form(request, part, part.names(access, None), refused, {})
    wanted = _checked(request, form, lambda given: price_edits.wanted(access, part, given))
    if wanted is not None and "confirmed" in request.POST:
        made = price_edits.create(access, part, connection, form.cleaned_data, once=occasion(request))
        give_up(refused)
        messages.success(request, _("Kept, and on its way to OpenSolar."))
        return redirect("delivery", made.pk)
    context = {"connection": connection, "choices": choices, "back_url": part.list_url, "refused": refused}
    return _answer(request, form, wanted, Seen(), context)


def price_edit(request: HttpRequest, pk: int, resource: str) -> HttpResponse:
    """The fields of a record; what differs from what was shown goes to OpenSolar, once it was confirmed."""
    access, record = access_of(request), _record(request, pk, resource)
    part = part_of(record)
    refused = refused_before(request, part.resource, record)
    seen = Seen.read(request.POST.get("seen", "")) or price_edits.seen_of(access, record)
    form = _form(request, part, part.names(access, record), refused, seen.values)
    wanted = _checked(request, form, lambda given: price_edits.changed(access, record, given, seen))
    if wanted == {}:
        messages.info(request, _("Nothing was changed."))
        return redirect(part.url("", record))
    if wanted is not None and "confirmed" in request.POST:
        price_edits.edit(access, record, form.cleaned_data, seen, once=occasion(request))
        give_up(refused)
        messages.success(request, _("Kept, and on its way to OpenSolar."))
        return redirect(part.url("", record))
    context = {"record": record, "back_url": part.url("", record), "kept": _kept(form, record), "refused": refused}
    return _answer(request, form, wanted, seen, context)


def price_delete(request: HttpRequest, pk: int, resource: str) -> HttpResponse:
    """Deletes a record at OpenSolar, once its name was typed."""
    access, record = access_of(request), _record(request, pk, resource)
    part, error = part_of(record), ""
    seen = Seen.read(request.POST.get("seen", "")) or price_edits.seen_of(access, record)
    if request.method == "POST":
        try:
            edits.insist_on_name(name_of(record), request.POST.get("typed", ""))
        except Wrong as wrong:
            error = str(wrong)
        else:
            price_edits.delete(access, record, seen, once=occasion(request))
            messages.success(request, _("Kept, and on its way to OpenSolar: it is deleted there."))
            return redirect(part.url("", record))
    context = {
        "name": name_of(record),
        "what": _("It is gone at OpenSolar for everybody. Here it stays, marked as removed."),
        "trail": [
            (part.home_label, part.list_url),
            (name_of(record), part.url("", record)),
        ],
        "error": error,
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    return render(request, "projects/edits/delete.html", context)


def _part(request: HttpRequest, resource: str) -> Part:
    """The part that an address is about; of the catalogue the kind that it asks for."""
    if resource in PARTS:
        return PARTS[resource]
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kinds = {part.kind: part for part in PARTS.values() if part.is_component}
    return kinds.get(asked, next(iter(kinds.values())))


def _record(request: HttpRequest, pk: int, resource: str) -> PriceRecord:
    """A record that this person sees and may write."""
    access = access_of(request)
    rows = _part(request, resource).visible(access).select_related("connection__organisation")
    record: PriceRecord = get_object_or_404(rows.defer("connection__credentials"), pk=pk)
    if not price_edits.may_write(access, record):
        raise Http404
    return record


def _form(
    request: HttpRequest, part: Part, names: list[str], refused: Delivery | None, values: Mapping[str, Any]
) -> PriceForm:
    """The form as it was sent, as it was refused, or with the values there are now."""
    if request.method == "POST":
        return PriceForm(part, names, request.POST, values)
    if refused is not None:
        form = PriceForm(part, names, as_sent({**values, **refused.body}), values)
        if form.is_valid():
            _show_errors(form, refused.errors)
        return form
    return PriceForm(part, names, initial=values)


def _checked(request: HttpRequest, form: PriceForm, judge: Wanted) -> dict[str, Any] | None:
    """What is wanted of a form that was sent and is right; None where there is nothing to go on with."""
    if request.method != "POST" or "back" in request.POST or not form.is_valid():
        return None
    try:
        return judge(form.cleaned_data)
    except Wrong as wrong:
        _show_errors(form, wrong.fields)
    except Refused as reason:
        form.add_error(None, str(reason))
    return None


def _show_errors(form: PriceForm, errors: Mapping[str, Any]) -> None:
    """At its field; what belongs to none, or to a whole text of settings, at the head."""
    for name, texts in errors.items():
        field = name if name in form.fields else name.partition(".")[0]
        for text in texts:
            if field in form.fields:
                form.add_error(field, text)
            else:
                named = name != "non_field_errors"
                form.add_error(None, f"{label_of(form.part.resource, name)}: {text}" if named else text)


def _kept(form: PriceForm, record: PriceRecord) -> list[str]:
    """Settings that go back to OpenSolar as they are, because no document says what they mean."""
    held = getattr(record, "configuration", None) or {}
    shown = {name.partition(".")[2] for name in form.fields}
    return [label_of(form.part.resource, key) for key in held if key not in shown]


def _answer(
    request: HttpRequest, form: PriceForm, wanted: dict[str, Any] | None, seen: Seen, context: dict[str, Any]
) -> HttpResponse:
    """The form, or the question whether what is in it is meant."""
    resource = form.part.resource
    context |= {
        "part": form.part,
        "is_new": "record" not in context,
        "form": form,
        "lines": [
            (label_of(resource, name), value_of(name, seen.values.get(name)), value_of(name, value))
            for name, value in (wanted or {}).items()
        ],
        "seen": request.POST.get("seen") or seen.signed(),
        "once": request.POST.get("once") or uuid4(),
    }
    template = "form" if wanted is None else "confirm"
    return render(request, f"projects/prices/{template}.html", context)
