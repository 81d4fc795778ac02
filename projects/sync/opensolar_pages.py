"""OpenSolar's lists as the engine pulls them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import timezone

from portal.lib.errors import CredentialsError, Forbidden, PlanError, ThrottledError, VendorError
from portal.sync.gate import Gate
from portal.sync.source import Listed
from portal.vendors.opensolar.pages import IncompleteListing
from portal.vendors.opensolar.project_parts import without_links
from portal.vendors.opensolar.resources import Resource


def pages_of(resource: Resource) -> Callable[[Gate, int], Iterator[Listed]]:
    """The pages of a list from the given one on; complete when the iterator ends, else it raises."""
    files = resource == "projects"

    def pages(gate: Gate, start: int) -> Iterator[Listed]:
        # Pages are asked for in order. One that is asked for twice leaves its first time to a later page, which then
        # counts as older than it is: the safe side.
        asked: deque[datetime] = deque()
        walk = gate.client.walk(
            resource,
            limit=gate.connection.page_size,
            start=start,
            in_flight=gate.in_flight,
            before_page=lambda: asked.append(timezone.now()),
        )
        try:
            for page in walk:
                records = [without_links(record) for record in page.records] if files else page.records
                yield Listed(page.number, records, asked.popleft())
        except IncompleteListing as error:
            raise _for_what_it_is(error) from error
        except Forbidden as error:
            sentence = f"OpenSolar does not show its {resource} to the connected login (403). Check its rights there."
            raise Forbidden(sentence, status=error.status, excerpt=error.excerpt) from error

    return pages


def _for_what_it_is(error: IncompleteListing) -> VendorError:
    """A list that broke off for a reason on which the engine acts differently raises that reason, in its own words."""
    for kind in (ThrottledError, CredentialsError, PlanError, Forbidden):
        if isinstance(error.cause, kind):
            return kind(error.sentence, status=error.status, retry_after=error.retry_after, excerpt=error.excerpt)
    return error
