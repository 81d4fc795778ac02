"""My notifications: the list, opening one, reading all, and what I want to be told in which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import access_of, opens
from portal.models import Notification, Topic
from portal.services import notices_page
from portal.services.notice_choices import Ways, choices_of, choose, topics_for
from portal.services.notices import unread


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic with what is ticked for it."""

    topic: Topic
    ways: Ways


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first, narrowed to a topic by the address."""
    membership = access_of(request).membership
    topic = notices_page.known_topic(membership, request.GET.get("topic", ""))
    page, lines = notices_page.page_of(membership, topic, request.GET.get("page", ""))
    context: dict[str, Any] = {
        "page": page,
        "lines": lines,
        "unread": unread(membership),
        "topic": topic,
        "topics": [(topic.value, topic.label) for topic in topics_for(membership.kind)],
        "previous_url": _address(topic, page.previous_page_number()) if page.has_previous() else "",
        "next_url": _address(topic, page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "portal/notices/list.html", context)


@opens(Notification)
@require_POST
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks mine as read and goes to what it is about; nobody opens another's."""
    notice = get_object_or_404(notices_page.notices_of(access_of(request).membership), pk=pk)
    notices_page.read(notice)
    is_ours = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if is_ours else "notifications")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all of mine as read."""
    notices_page.read_all(access_of(request).membership)
    return redirect("notifications")


@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Of what I want to hear, and how."""
    membership = access_of(request).membership
    if request.method == "POST":
        ticked = {
            topic: Ways(in_portal=f"{topic}-portal" in request.POST, by_mail=f"{topic}-mail" in request.POST)
            for topic in topics_for(membership.kind)
        }
        choose(membership, ticked)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("notification_choices")
    rows = [Choice(topic, ways) for topic, ways in choices_of(membership).items()]
    return render(request, "portal/notices/choices.html", {"rows": rows})


def _address(topic: str, number: int) -> str:
    return f"?topic={topic}&page={number}" if topic else f"?page={number}"
