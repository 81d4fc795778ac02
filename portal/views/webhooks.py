"""Where vendors report: checks the secret, keeps the body, answers. Everything else happens later."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from portal.services import receiving

log = logging.getLogger("portal.webhooks")


@csrf_exempt
@login_not_required
def receive(request: HttpRequest, vendor: str, key: str) -> HttpResponse:
    """200 once the body is stored. 404 for whoever does not know address and secret, without reading what they sent.

    411 and 413 for a body of unknown or unreasonable length; 503, so that the vendor tries again, while the database
    does not take it.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return _answer(_taken(request, vendor, key))
    except UnreadablePostError:
        return _answer(400)
    except DatabaseError:
        log.exception("a delivery of %s could not be stored", vendor)
        return _answer(503)


def _answer(status: int) -> HttpResponse:
    # The middleware that would tell the length is passed by; without it the answer would come in chunks.
    return HttpResponse(status=status, headers={"Content-Length": "0"})


def _taken(request: HttpRequest, vendor: str, key: str) -> int:
    hooks = receiving.hooks_of(vendor)
    if hooks is None:
        return 404
    given = request.headers.get(hooks.header, "")
    door = receiving.admit(vendor, hooks, key, given)
    if door is None:
        return 404
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return 411
    if int(length) > receiving.LARGEST:
        return 413
    if not receiving.store(door, request.read(int(length))):
        return 404
    receiving.announce(door)
    return 200
