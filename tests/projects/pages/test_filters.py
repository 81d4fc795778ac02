"""Each filter of the list at its edges, what takes it off again, and what makes no sense in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Membership
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_system
from tests.projects.pages.reading import link_named, names_on, text_of


def _names(client: Client, query: str) -> set[str]:
    page = client.get(f"/projects/?{query}")
    assert page.status_code == 200
    return set(names_on(page))


PERSON_REFS = {
    "owner": "assigned_role_ref",
    "salesperson": "assigned_salesperson_role_ref",
    "designer": "assigned_designer_role_ref",
    "inspector": "assigned_site_inspector_role_ref",
    "installer": "assigned_installer_role_ref",
}


def test_a_person_is_found_in_one_role_or_in_any(sunny: Company, grace: Client) -> None:
    for name, ref in PERSON_REFS.items():
        make_project(sunny.connection, title=name, **{ref: 12})
    make_project(sunny.connection, title="nobody's")
    sales = sunny.roles["sales"].pk
    for name in PERSON_REFS:
        assert _names(grace, f"{name}={sales}") == {name}
    assert _names(grace, f"person={sales}") == set(PERSON_REFS)
    assert _names(grace, f"person={sunny.roles['installer'].pk}") == set()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("created_from=2026-11-10", {"tenth", "eleventh"}),
        ("created_to=2026-11-10", {"ninth", "tenth"}),
        ("created_from=2026-11-10&created_to=2026-11-10", {"tenth"}),
        ("created_from=2026-11-12", set()),
    ],
)
def test_days_are_those_of_the_roof_and_both_ends_count(
    sunny: Company, grace: Client, query: str, names: set[str]
) -> None:
    """In Sydney (+11) the tenth begins at 13:00 UTC on the ninth."""
    first = datetime(2026, 11, 9, 13, 0, tzinfo=UTC)
    for name, moment in (
        ("ninth", first - timedelta(seconds=1)),
        ("tenth", first),
        ("eleventh", first + timedelta(days=1)),
    ):
        make_project(sunny.connection, title=name, timezone_offset=11.0, created_date=moment)
    make_project(sunny.connection, title="unknown", created_date=None)
    assert _names(grace, query) == names


@pytest.mark.parametrize(("offset", "found"), [(None, False), (-10.0, False), (11.5, True), (99.0, False)])
def test_a_day_follows_the_zone_that_the_line_shows(
    sunny: Company, grace: Client, offset: float | None, found: bool
) -> None:
    make_project(
        sunny.connection, timezone_offset=offset, modified_date=datetime(2026, 11, 18, 12, 45, tzinfo=UTC), title="Roof"
    )
    assert _names(grace, "modified_from=2026-11-19&modified_to=2026-11-19") == ({"Roof"} if found else set())


@pytest.mark.parametrize("name", ["sold", "installation"])
def test_sold_and_installation_days_count_as_they_are(sunny: Company, grace: Client, name: str) -> None:
    for day in (9, 10, 11):
        make_project(sunny.connection, title=f"{day}", **{f"{name}_date": date(2026, 11, day)})
    make_project(sunny.connection, title="none")
    assert _names(grace, f"{name}_from=2026-11-10") == {"10", "11"}
    assert _names(grace, f"{name}_to=2026-11-10") == {"9", "10"}
    assert _names(grace, f"{name}_from=2026-11-10&{name}_to=2026-11-10") == {"10"}


def test_size_is_that_of_the_system_that_the_line_shows(sunny: Company, grace: Client) -> None:
    """One system a project is 5 kW, the others 50 kW; what is asked for is the one that stands for it."""
    sold = make_project(sunny.connection, title="sold", is_sold=True, system_sold_ref=903)
    unsold = make_project(sunny.connection, title="no longer sold", is_sold=False, system_sold_ref=904)
    current = make_project(sunny.connection, title="current")
    first = make_project(sunny.connection, title="first")
    gone = make_project(sunny.connection, title="gone", is_sold=True, system_sold_ref=905)
    make_project(sunny.connection, title="none")
    big, small = Decimal("50.000"), Decimal("5.000")
    make_system(sold, kw_stc=big, is_current=True, order=0)
    make_system(sold, kw_stc=small, opensolar_id=903, order=1)
    make_system(unsold, kw_stc=big, opensolar_id=904, order=1)
    make_system(unsold, kw_stc=small, is_current=True, order=2)
    make_system(current, kw_stc=big, order=0)
    make_system(current, kw_stc=small, is_current=True, order=2)
    make_system(current, kw_stc=big, is_current=True, order=3)
    make_system(first, kw_stc=small, order=1, opensolar_id=700)
    make_system(first, kw_stc=big, order=1, opensolar_id=701)
    make_system(gone, kw_stc=big, opensolar_id=905, removed_at=NOON)
    make_system(gone, kw_stc=small)
    small_ones = {"sold", "no longer sold", "current", "first", "gone"}
    assert _names(grace, "kw_to=10") == small_ones
    assert _names(grace, "kw_from=10") == set()
    shown = text_of(grace.get("/projects/?kw_from=5&kw_to=5"))
    assert shown.count("5.0 kW") == 5


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kw_from=8.4", True),
        ("kw_from=8.401", False),
        ("kw_to=8.4", True),
        ("kw_to=8.399", False),
        ("kw_from=0&kw_to=0", False),
        ("price_from=24900", True),
        ("price_from=24900.01", False),
        ("price_to=24900", True),
        ("price_to=24899.99", False),
    ],
)
def test_size_and_price_count_both_ends(sunny: Company, grace: Client, query: str, found: bool) -> None:
    make_system(make_project(sunny.connection, title="Roof"))
    assert _names(grace, query) == ({"Roof"} if found else set())


@pytest.mark.parametrize("order", [None, 1])
def test_a_system_without_an_order_stands_where_the_line_has_it(
    sunny: Company, grace: Client, order: int | None
) -> None:
    project = make_project(sunny.connection, title="Roof")
    make_system(project, order=order, kw_stc=Decimal(1))
    make_system(project, order=0, kw_stc=Decimal(2))
    said = text_of(grace.get("/projects/"))
    shown = 1 if "1.0 kW" in said else 2
    assert _names(grace, f"kw_from={shown}&kw_to={shown}") == {"Roof"}
    assert _names(grace, f"kw_from={3 - shown}&kw_to={3 - shown}") == set()


def test_the_list_tells_no_price_to_who_may_not_see_any(sunny: Company) -> None:
    """Whatever is asked for, the answer is the same list with the same hint."""
    project = make_project(sunny.connection, title="Roof", assigned_site_inspector_role_ref=13)
    make_system(project)
    with scopes_disabled():
        Membership.objects.filter(user=sunny.people["sales"]).update(prices=False)
    for who in ("sales", "inspector"):
        client = signed_in(sunny.people[who])
        for query in ("price_from=1", "price_from=99999", "price_to=1", "price_from=junk", "price_from=9&price_to=1"):
            page = client.get(f"/projects/?{query}")
            assert names_on(page) == ["Roof"]
            assert "You do not see prices, so the list is not filtered by them." in text_of(page)
            assert "99999" not in page.content.decode()
            rows = client.get(f"/projects/export.csv?{query}").getvalue().decode().splitlines()
            assert len(rows) == 2
        assert "cannot be sorted by “price”" in text_of(client.get("/projects/?sort=price"))
        page = client.get("/projects/?columns=price,stage")
        assert "You do not see prices, so that column was left out." in text_of(page)
        assert "24,900" not in text_of(page)


def test_stalled_is_open_and_quiet_for_fourteen_days(sunny: Company, grace: Client) -> None:
    limit = NOON - timedelta(days=14)
    make_project(sunny.connection, title="quiet", stage=1, modified_date=limit - timedelta(seconds=1))
    make_project(sunny.connection, title="just not", stage=1, modified_date=limit)
    make_project(sunny.connection, title="closed", stage=2, modified_date=limit - timedelta(days=9))
    make_project(sunny.connection, title="unknown", stage=1, modified_date=None)
    page = grace.get("/projects/?stalled=yes")
    assert names_on(page) == ["quiet"]
    assert "open, and no activity for 14 days" in text_of(page)


def test_lead_source_priority_and_picked_projects(sunny: Company, grace: Client) -> None:
    web = make_project(sunny.connection, title="web", lead_source="Web form", priority=2)
    door = make_project(sunny.connection, title="door", lead_source="100% door", priority=0)
    make_project(sunny.connection, title="other")
    assert _names(grace, "lead=web") == {"web"}
    assert _names(grace, "lead=%25") == {"door"}
    assert _names(grace, "priority=2") == {"web"}
    assert _names(grace, "priority=0") == {"door"}
    assert _names(grace, f"ids={door.pk},{web.pk},999999") == {"web", "door"}
    options = grace.get("/projects/leads/").content.decode()
    assert options == '<option value="100% door"></option><option value="Web form"></option>'


def test_a_filter_of_leads_offers_only_what_one_may_see(sunny: Company, kestrel: Company) -> None:
    make_project(sunny.connection, lead_source="Secret fair")
    mine = make_project(sunny.connection, lead_source="Mine", assigned_site_inspector_role_ref=13)
    assert mine.lead_source in signed_in(sunny.people["inspector"]).get("/projects/leads/").content.decode()
    for outsider in (sunny.people["inspector"], kestrel.people["administrator"], sunny.people["unassigned"]):
        assert b"Secret" not in signed_in(outsider).get("/projects/leads/").content


def test_many_picked_projects_fit_into_an_address(sunny: Company, grace: Client) -> None:
    projects = [make_project(sunny.connection, title=f"Roof {number}") for number in range(30)]
    make_project(sunny.connection, title="not picked")
    ids = ",".join(str(project.pk) for project in projects)
    page = grace.get(f"/projects/?ids={ids}")
    assert len(names_on(page)) == 30
    shorter = link_named(page, "Customer")
    assert "ids=." in shorter
    assert set(names_on(grace.get(f"/projects/{shorter}"))) == {f"Roof {number}" for number in range(30)}
    assert "30 projects" in text_of(page)


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("created_from=yesterday", "“Created”: yesterday is no day"),
        ("created_from=20261110", "is no day"),
        ("created_from=2026-13-01", "2026-13-01 is no day"),
        ("created_to=2026-02-30", "is no day"),
        ("created_to=0001-01-01", "is no day"),
        ("modified_to=9999-12-31", "is no day"),
        ("sold_from=2026-11-10&sold_to=2026-11-09", "“Sold on” ends before it begins"),
        ("installation_from=" + "9" * 10_000, "“Installation”: 999"),
        ("kw_from=big", "“Size”: big is no number"),
        ("kw_from=-1", "is no number"),
        ("kw_to=1e9", "is no number"),
        ("kw_to=NaN", "is no number"),
        ("kw_from=9&kw_to=8", "“Size” ends before it begins"),
        ("price_from=%D9%A3", "is no number"),
        ("person=0", "There is no person “0”"),
        ("designer=x", "There is no designer"),
        ("inspector=99999999999999999999999", "There is no inspector"),
        ("installer=%00", "There is no installer"),
        ("stalled=maybe", "There is no stalled “maybe”"),
        ("priority=high", "There is no priority “high”"),
        ("priority=-1", "There is no priority"),
        ("lead=" + "x" * 10_000, "There is no lead source “xxx"),
        ("lead=a%00b", "There is no lead source"),
        ("ids=all", "Which projects were picked cannot be read"),
        ("ids=.", "cannot be read"),
        ("ids=1,,2", "cannot be read"),
        ("ids=0", "cannot be read"),
        ("ids=.zzzzzzzzzzzzzzzzzz", "cannot be read"),
        ("ids=" + "1," * 5_000 + "1", "cannot be read"),
        ("columns=net_profit", "There is no column “net_profit”"),
        ("columns=" + "x" * 10_000, "There is no column “xxx"),
        ("view=first", "There is no view “first”"),
        ("view=424242", "That view is no longer there"),
        ("colour=blue", "There is no filter “colour”"),
        ("sort=price", "cannot be sorted by “price”"),
        ("sort=-kw", "cannot be sorted by “-kw”"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(sunny: Company, grace: Client, query: str, hint: str) -> None:
    make_project(sunny.connection, title="Bohr")
    page = grace.get(f"/projects/?{query}")
    assert page.status_code == 200
    assert hint in text_of(page)
    assert names_on(page) == ["Bohr"]
    assert len(page.content) < 120_000
    assert grace.get(f"/projects/export.csv?{query}").status_code == 200


def test_each_filter_that_is_on_is_a_chip_that_takes_it_off(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Roof")
    sales = sunny.roles["sales"].pk
    page = grace.get(
        f"/projects/?q=roof&stage=open&owner={sales}&created_from=2026-11-01&kw_from=8.4&kw_to=10&stalled=yes&sort=customer"
    )
    said = text_of(page)
    for words in ("Search: roof", "Stage: Open", "Owner: Sales Sunny", "Created: from 1 Nov", "8.4 kW to 10 kW"):
        assert words in said
    assert "Filters (6)" in said
    without = link_named(page, "Size")
    assert "kw_" not in without
    assert "stage=open" in without
    assert "sort=customer" in without
    assert link_named(page, "Clear all") == "/projects/?sort=customer"
    plain = text_of(grace.get("/projects/"))
    assert "Clear all" not in plain
    assert "Filters (" not in plain


def test_htmx_is_given_chips_and_counts_too(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Won", stage=2)
    part = grace.get("/projects/?stage=2&kw_from=", headers={"HX-Request": "true", "HX-Target": "results"})
    body = part.content.decode()
    for name in ("chips", "clear", "count", "export", "views", "kept", "columns", "filter-count", "selection-all"):
        assert re.search(f'id="{name}"[^>]* hx-swap-oob="true"', body), name
    assert "Filters (1)" in text_of(part)
    assert part["HX-Push-Url"] == "/projects/?stage=2"


def test_filters_work_for_who_sees_only_their_own(sunny: Company) -> None:
    mine = make_project(sunny.connection, title="Mine", assigned_installer_role_ref=14, lead_source="Web")
    make_system(mine)
    make_system(make_project(sunny.connection, title="Other", lead_source="Web"))
    client = signed_in(sunny.people["installer"])
    with scopes_disabled():
        other = Project.objects.get(title="Other")
    for query in ("lead=web", "kw_from=8", f"ids={mine.pk},{other.pk}", "modified_from=2026-11-01"):
        assert _names(client, query) == {"Mine"}
