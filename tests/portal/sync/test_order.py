"""Answers may come late, twice and out of order; what the vendor said last stays."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.models import Payload
from portal.registry import registry
from portal.sync.upsert import mark_gone, upsert
from projects.models import Contact, Project, System
from tests.conftest import Company

pytestmark = pytest.mark.usefixtures("unscoped")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = registry.source("opensolar")


def arrives(company: Company, resource: str, *records: Any, after: float = 0, shape: str | None = None) -> Counter[str]:
    """An answer to a request sent so many seconds after noon: what became of its records."""
    sent = NOON + timedelta(seconds=after)
    return +upsert(company.connection, SOURCE.resource(resource), records, requested_at=sent, shape=shape)


def project(title: str, modified: str | None = "2026-11-20T10:00:00Z", **more: Any) -> dict[str, Any]:
    return {"id": 7, "title": title, "modified_date": modified, **more}


def title() -> str:
    return str(Project.objects.get(opensolar_id=7).title)


def test_an_older_state_is_ignored_however_late_it_was_asked_for(sunny: Company) -> None:
    arrives(sunny, "projects", project("New", "2026-11-20T11:00:00Z"))
    assert arrives(sunny, "projects", project("Old"), after=60) == {"unchanged": 1}
    assert title() == "New"
    assert '"New"' in Payload.objects.get(resource="projects").body


def test_a_newer_state_is_taken_however_early_it_was_asked_for(sunny: Company) -> None:
    arrives(sunny, "projects", project("Old"), after=60)
    assert arrives(sunny, "projects", project("New", "2026-11-20T11:00:00Z"))["updated"] == 1
    assert title() == "New"


@pytest.mark.parametrize("modified", ["2026-11-20T10:00:00Z", None], ids=["the same date", "no date"])
def test_without_a_date_that_tells_the_later_request_counts(sunny: Company, modified: str | None) -> None:
    arrives(sunny, "projects", project("First", modified), after=10)
    assert arrives(sunny, "projects", project("Before", modified), after=5) == {"unchanged": 1}
    assert title() == "First"
    assert arrives(sunny, "projects", project("After", modified), after=15)["updated"] == 1
    assert title() == "After"


def test_records_without_dates_go_by_the_request(sunny: Company) -> None:
    arrives(sunny, "contacts", {"id": 3, "display": "Hypatia"}, after=10)
    arrives(sunny, "contacts", {"id": 3, "display": "Nobody"}, after=9)
    assert Contact.objects.get(opensolar_id=3).display == "Hypatia"


def test_twice_is_once(sunny: Company) -> None:
    assert arrives(sunny, "projects", project("A"))["created"] == 1
    before = Project.objects.get(opensolar_id=7).changed_at
    assert arrives(sunny, "projects", project("A"), after=60) == {"unchanged": 1}
    assert Project.objects.get(opensolar_id=7).changed_at == before


def test_of_duplicates_on_a_page_the_last_counts(sunny: Company) -> None:
    counts = arrives(sunny, "projects", project("First"), project("Second"), project("Third"))
    assert counts["created"] == 1
    assert title() == "Third"
    assert Payload.objects.filter(resource="projects").count() == 1


def test_a_short_row_blanks_nothing(sunny: Company) -> None:
    full = project("Full", locality="Ulm", notes="Dog", lat=48.4, contacts=["/contacts/1/"], assigned_role="/roles/12/")
    arrives(sunny, "projects", full, shape="detail")
    arrives(sunny, "projects", project("Short", "2026-11-20T11:00:00Z", stage=1), after=60, shape="list")
    row = Project.objects.get(opensolar_id=7)
    assert (row.title, row.stage) == ("Short", 1)
    assert (row.locality, row.notes, row.lat, row.assigned_role_ref) == ("Ulm", "Dog", 48.4, 12)
    assert list(row.contact_links.values_list("contact_ref", flat=True)) == [1]
    assert set(Payload.objects.filter(resource="projects").values_list("shape", flat=True)) == {"list", "detail"}


def test_short_and_full_rows_of_one_page(sunny: Company) -> None:
    arrives(sunny, "projects", project("A", locality="Ulm"), {"id": 8, "title": "B", "locality": "Bern"})
    arrives(sunny, "projects", project("A2"), {"id": 8, "title": "B2", "locality": None}, after=9)
    rows = Project.objects.order_by("opensolar_id").values_list("title", "locality")
    assert list(rows) == [("A2", "Ulm"), ("B2", "")]


def test_details_of_a_system_and_its_row_leave_each_other_alone(sunny: Company) -> None:
    row = {"id": 5, "project": "/projects/7/", "kw_stc": 6.6, "modules": [{"code": "A"}]}
    details = {"id": 5, "project": 7, "kw_stc": None, "adders": [{"label": "Tilt"}], "modules": None}
    arrives(sunny, "systems", row)
    arrives(sunny, "systems", details, shape="details", after=5)
    arrives(sunny, "systems", {**row, "kw_stc": 7.7}, after=10)
    system = System.objects.get(opensolar_id=5)
    assert (float(system.kw_stc), system.modules, system.adders) == (7.7, [{"code": "A"}], [{"label": "Tilt"}])


def test_an_answer_from_before_the_deletion_does_not_bring_it_back(sunny: Company) -> None:
    arrives(sunny, "projects", project("A"))
    mark_gone(sunny.connection, SOURCE.resource("projects"), 7, "removed_at")
    gone = Project.objects.get(opensolar_id=7)
    assert gone.removed_at is not None
    before = (gone.removed_at - NOON).total_seconds() - 1
    arrives(sunny, "projects", project("A, changed and then deleted", "2026-11-20T11:30:00Z"), after=before)
    assert Project.objects.get(opensolar_id=7).removed_at is not None
    arrives(sunny, "projects", project("Back", "2026-11-20T09:00:00Z"), after=before + 2)
    assert (Project.objects.get(opensolar_id=7).removed_at, title()) == (None, "Back")


def test_the_same_number_in_two_accounts_is_two_records(sunny: Company, kestrel: Company) -> None:
    arrives(sunny, "projects", project("Ours"))
    arrives(kestrel, "projects", project("Theirs"))
    assert Project.objects.get(opensolar_id=7, connection=sunny.connection).title == "Ours"
    assert Project.objects.get(opensolar_id=7, connection=kestrel.connection).organisation == kestrel.organisation
