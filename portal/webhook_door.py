"""The way of a vendor's delivery past everything that only people need: sessions, languages, messages, policies."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from portal.views.webhooks import receive

PREFIX = "/webhooks/"


class WebhookDoor:
    """First of all middleware: deliveries come by the thousand, and their sender waits for the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PREFIX):
            parts = request.path_info.split("/")
            if len(parts) == 5 and not parts[4]:
                return receive(request, parts[2], parts[3])
        return self.get_response(request)
