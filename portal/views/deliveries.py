"""Edits on their way to vendors: the list, one of them, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access import access_of, opens
from portal.models import Delivery, DeliveryState
from portal.services import deliveries, outbox

PAGE = 50
Act = Callable[[HttpRequest, Delivery], str]


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    """What is under way, newest first: an administrator's list of all, everybody else's of their own."""
    access = access_of(request)
    if not deliveries.may_write(access):
        raise Http404
    which = request.GET.get("show", "open")
    page = Paginator(deliveries.listed(access, which), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [
            (row, deliveries.fields_of(row), deliveries.said_of(row), deliveries.TONES[DeliveryState(row.state)])
            for row in page
        ],
        "which": which,
        "choices": [
            ("open", _("Under way")),
            ("mine", _("Waiting for a decision")),
            ("over", _("Over")),
            ("all", _("All")),
        ],
        "previous_url": f"?show={which}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?show={which}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "portal/deliveries/list.html", context)


@require_safe
@opens(Delivery)
def delivery_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One edit: each value as it was seen, wanted and found, what the vendor said, and what can be done."""
    delivery = _delivery(request, pk)
    context: dict[str, Any] = {
        "delivery": delivery,
        "tone": deliveries.TONES[DeliveryState(delivery.state)],
        "lines": deliveries.lines_of(delivery),
        "errors": deliveries.general_errors(delivery),
        "page_url": deliveries.page_url(delivery),
        "correct_url": deliveries.correct_url(delivery) if delivery.state == DeliveryState.REFUSED else "",
        "under_way": delivery.state in (DeliveryState.PENDING, DeliveryState.SENDING),
    }
    return render(request, "portal/deliveries/one.html", context)


def _button(act: Act) -> Callable[..., HttpResponseBase]:
    """A POST about one edit; it goes back to where it was pressed."""

    @opens(Delivery)
    @require_POST
    @wraps(act)
    def pressed(request: HttpRequest, pk: int) -> HttpResponse:
        delivery = _delivery(request, pk)
        try:
            messages.success(request, act(request, delivery))
        except outbox.CannotDo as reason:
            messages.error(request, str(reason))
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        return redirect(back) if safe and back.startswith("/") else redirect("delivery", pk)

    return pressed


@_button
def retry(request: HttpRequest, delivery: Delivery) -> str:
    """Sends it again, or looks for it again."""
    looked_for = delivery.posted_at is not None
    outbox.send_again(delivery)
    return _("It is looked for again.") if looked_for else _("It is sent again.")


@_button
def send_anew(request: HttpRequest, delivery: Delivery) -> str:
    """A person has looked there and found nothing."""
    outbox.send_anew(delivery)
    return _("It is sent once more.")


@_button
def cancel(request: HttpRequest, delivery: Delivery) -> str:
    """Gives it up."""
    outbox.cancel(delivery)
    return _("Given up. Nothing of it is sent any more.")


@_button
def choose(request: HttpRequest, delivery: Delivery) -> str:
    """Ends a conflict, value by value; every one of them has to be chosen."""
    mine = {name for name in delivery.theirs if request.POST.get(f"choice-{name}") == "mine"}
    theirs = {name for name in delivery.theirs if request.POST.get(f"choice-{name}") == "theirs"}
    if mine | theirs != set(delivery.theirs):
        raise outbox.CannotDo(_("Choose one of the two for each value."))
    outbox.choose(delivery, mine)
    return _("Decided. What you chose is sent.") if mine else _("Decided. What stands at the vendor stays.")


def _delivery(request: HttpRequest, pk: int) -> Delivery:
    access = access_of(request)
    rows = deliveries.visible(access).select_related("actor", "connection").defer("connection__credentials")
    return get_object_or_404(rows, pk=pk)
