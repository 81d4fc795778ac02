"""A project's history: how a test writes it, and what its page tells of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django_scopes import scopes_disabled

from portal.models import Change, Payload
from projects.models import Project
from tests.factories import NOON
from tests.projects.pages.reading import text_of

HTMX = {"HX-Request": "true"}


def change(record: Any, field: str, before: Any, after: Any, *, ago: float = 1, **more: Any) -> None:
    """A row of history, `ago` hours old."""
    with scopes_disabled():
        Change.objects.create(
            organisation_id=record.organisation_id,
            connection_id=record.connection_id,
            resource=record._meta.verbose_name_plural,
            vendor_id=str(record.opensolar_id),
            field=field,
            before=json.dumps(before),
            after=json.dumps(after),
            at=NOON - timedelta(hours=ago),
            **more,
        )


def carry(project: Project, **keys: Any) -> None:
    with scopes_disabled():
        Payload.objects.filter(vendor_id=str(project.opensolar_id)).update(body=json.dumps(keys))


def timeline_in(page: Any) -> str:
    """The text of the timeline alone."""
    said = text_of(page)
    return said[said.index("Timeline") : said.index("Times in the project")]
