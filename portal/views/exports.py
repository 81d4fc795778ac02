"""Tables as files: how every CSV leaves and is noted, and rows that are taken inside their organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django_scopes import scope

from portal.access import access_of
from portal.models import Organisation
from portal.services.audit import note

R = TypeVar("R")


def note_taken(request: HttpRequest, act: str, about: str = "", **details: Any) -> None:
    """Notes who takes a file away; HEAD takes nothing."""
    if request.method != "HEAD":
        note(access_of(request), act, about, **details)


def csv_file(what: str, organisation: Organisation, pieces: Iterable[str]) -> StreamingHttpResponse:
    """The pieces as a file that is called after what it holds, whose it is and the day."""
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"{what}-{organisation.slug}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def inside(organisation: Organisation, rows: Iterator[R]) -> Iterator[R]:
    """Takes each row inside the organisation: the answer is sent after the request has left it."""
    while True:
        with scope(organisation=organisation):
            row = next(rows, None)
        if row is None:
            return
        yield row
