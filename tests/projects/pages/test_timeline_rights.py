"""A project's timeline without money for whom it is not, and without anybody else's history."""

from __future__ import annotations

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Membership
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_system
from tests.projects.pages.reading import text_of
from tests.projects.pages.telling import HTMX, carry, change, timeline_in

MONEY = ("24,900", "24900", "23,500", "23500", "4,100", "4100", "2,700", "2700", "777", "888", "12.5", "5,432", "5432")


@pytest.fixture
def priced(sunny: Company, bare: Project) -> Project:
    """A project in whose history money stands in every way that it can."""
    system = make_system(bare, details_at=NOON)
    change(system, "price_including_tax", 24900, 23500)
    change(system, "price_excluding_tax", 24900, 23500)
    change(system, "discount", 777, 888)
    change(system, "net_profit", 4100, 2700)
    change(system, "pricing_scheme_ref", 777, 888)
    change(system, "deposit_of_tomorrow", 777, 888)
    change(system, "adders", [{"label": "Tilt", "total_value": 777, "total_cost": 12.5}], [])
    change(system, "incentives", [{"title": "Certificates", "value": 888}], [])
    change(system, "others", [{"code": "Rail", "cost": 4100, "price_adjustment": 777}], [{"cost": 4100}])
    change(system, "adders", {"cut": '[{"total_cost": 777'}, None)
    change(bare, "payment_of_tomorrow", 777, 888)
    events = [
        {"event_type_id": 114, "title": "Payment of $5,432 received", "notes": "5432", "start": "2026-11-01T00:00:00Z"}
    ]
    carry(bare, events_data=events)
    return bare


@pytest.mark.parametrize("query", ["", "?what=systems", "?what=sale", "?what=other", "?by=vendor"])
def test_who_may_not_see_money_finds_none_in_the_timeline(sunny: Company, priced: Project, query: str) -> None:
    client = signed_in(sunny.people["inspector"])
    pages = [
        client.get(f"/projects/{priced.pk}/{query}"),
        client.get(f"/projects/{priced.pk}/timeline/{query}", headers=HTMX),
    ]
    for page in pages:
        body = page.content.decode()
        assert page.status_code == 200
        # The project's own number stands in its addresses, and may be any.
        told = body[body.index('id="timeline"') :].replace(f"/projects/{priced.pk}/", "/projects/")
        assert not [figure for figure in MONEY if figure in told]
        assert "Price" not in text_of(page).replace("Systems and prices", "")
    assert "Payment Received" in text_of(client.get(f"/projects/{priced.pk}/"))


@pytest.mark.parametrize(
    ("right", "hidden", "shown"),
    [("prices", ("24,900", "777", "5,432"), "Net profit $4,100"), ("costs", ("4,100", "2,700"), "tax $24,900")],
)
def test_one_right_shows_one_kind_of_money(
    sunny: Company, priced: Project, right: str, hidden: tuple[str, ...], shown: str
) -> None:
    with scopes_disabled():
        Membership.objects.filter(user=sunny.people["sales"]).update(**{right: False})
    said = timeline_in(signed_in(sunny.people["sales"]).get(f"/projects/{priced.pk}/"))
    assert not [figure for figure in hidden if figure in said]
    assert shown in said
    assert "tomorrow" not in said


def test_who_sees_all_money_sees_it_here_too(sunny: Company, grace: Client, priced: Project) -> None:
    said = timeline_in(grace.get(f"/projects/{priced.pk}/"))
    for words in ("$24,900", "$4,100", "Payment of $5,432 received", "Deposit of tomorrow 777 became → 888"):
        assert words in said


def test_another_projects_and_a_neighbours_history_is_not_told(
    sunny: Company, kestrel: Company, grace: Client, bare: Project
) -> None:
    other = make_project(sunny.connection)
    theirs = make_project(kestrel.connection, opensolar_id=bare.opensolar_id, title="Kestrel roof")
    change(other, "notes", "", "Of another project")
    change(theirs, "notes", "", "Of a neighbour")
    assert "Of a" not in timeline_in(grace.get(f"/projects/{bare.pk}/"))
    outsider = signed_in(kestrel.people["sales"])
    assert outsider.get(f"/projects/{bare.pk}/timeline/").status_code == 404
    assert signed_in(sunny.people["inspector"]).get(f"/projects/{other.pk}/timeline/").status_code == 404
    assert signed_in(sunny.people["unassigned"]).get(f"/projects/{bare.pk}/timeline/").status_code == 404
