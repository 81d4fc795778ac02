"""What stands below the figures: what changed since yesterday and how, what stalled longest, what is built next."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import orjson
from django_scopes import scopes_disabled

from portal.models import Change, Connection, ConnectionState
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project
from tests.projects.pages.reading import text_of

OLD = NOON - timedelta(days=20)


def change(project: Project, field: str, before: Any, after: Any, hours: int = 1) -> None:
    """A line of a project's history."""
    with scopes_disabled():
        Change.objects.create(
            organisation_id=project.organisation_id,
            connection_id=project.connection_id,
            resource="projects",
            vendor_id=str(project.opensolar_id),
            field=field,
            before=orjson.dumps(before).decode(),
            after=orjson.dumps(after).decode(),
            at=NOON - timedelta(hours=hours),
        )


def test_what_changed_since_yesterday_is_said_in_words(sunny: Company) -> None:
    roof = make_project(sunny.connection, title="Roof 1", stage=2, assigned_role_ref=12)
    change(roof, "stage", 0, 1, hours=5)
    change(roof, "stage", 1, 2)
    change(roof, "is_sold", False, True)
    change(roof, "assigned_role_ref", None, 12)
    change(roof, "sold_date", None, "2026-11-20", hours=30)
    said = text_of(signed_in(sunny.people["sales"]).get("/"))
    assert "Changed since yesterday All 1 Roof 1 Lock pricing → Sold · Assigned to: Sales Sunny" in said


def test_new_projects_and_fields_without_words(sunny: Company) -> None:
    new, odd = (make_project(sunny.connection, title=name, assigned_role_ref=12) for name in ("New roof", "Odd roof"))
    change(new, "", None, "new")
    change(odd, "lead_source", "", "Fair <b>")
    change(odd, "no_such_field", 1, 2)
    change(odd, "modified_date", 1, 2)
    said = text_of(signed_in(sunny.people["sales"]).get("/"))
    assert "New roof New " in said
    assert "Odd roof Changed: " in said
    assert "No such field" in said
    assert "Fair" not in said


def test_others_projects_are_no_news_of_mine(sunny: Company, kestrel: Company) -> None:
    change(make_project(sunny.connection, title="Roof of another", assigned_role_ref=99), "stage", 0, 1)
    theirs = make_project(kestrel.connection, title="Theirs", assigned_role_ref=12)
    change(theirs, "stage", 0, 1)
    said = text_of(signed_in(sunny.people["sales"]).get("/"))
    assert "Changed since yesterday 0" in said
    assert "Theirs" not in said


def test_the_longest_stalled_come_first(sunny: Company) -> None:
    for days in (15, 40, 13, 20):
        make_project(
            sunny.connection, title=f"Roof {days}", modified_date=NOON - timedelta(days=days), assigned_role_ref=12
        )
    page = signed_in(sunny.people["sales"]).get("/").content.decode()
    assert re.findall(r"Roof \d+", page[page.index("Stalled longest") :]) == ["Roof 40", "Roof 20", "Roof 15"]


def test_an_installer_finds_what_is_built_next_by_date(sunny: Company) -> None:
    for name, day in (("Later", date(2026, 12, 3)), ("Today", date(2026, 11, 20)), ("Past", date(2026, 11, 19))):
        make_project(sunny.connection, title=name, installation_date=day, assigned_installer_role_ref=14)
    page = signed_in(sunny.people["installer"]).get("/").content.decode()
    coming = page[page.index("<h2>") : page.index("Latest activity")]
    assert re.findall(r">(Later|Today|Past)<", coming) == ["Today", "Later"]
    assert "$" not in text_of(signed_in(sunny.people["installer"]).get("/"))


def test_old_data_says_so_where_it_is_read(sunny: Company) -> None:
    make_project(sunny.connection, assigned_site_inspector_role_ref=13)

    def state(**columns: Any) -> None:
        with scopes_disabled():
            Connection.objects.update(**columns)

    def line(who: str) -> str:
        page = signed_in(sunny.people[who]).get("/").content.decode()
        (said,) = re.findall(r'id="age-line">(.*?)</div>', page, re.DOTALL)
        return " ".join(re.sub(r"<[^>]*>", " ", said).split()).replace(" .", ".").replace(" ;", ";")

    state(state=ConnectionState.WELL, last_success_at=NOON - timedelta(minutes=5))
    assert line("sales") == ""
    since = {"last_success_at": NOON - timedelta(hours=2), "state_since": NOON - timedelta(hours=1)}
    state(state=ConnectionState.UNREACHABLE, message="Timed out", **since)
    said = "Data from 10:00 UTC. OpenSolar does not answer since 11:00 UTC."
    assert line("sales") == line("administrator") == line("inspector") == said
    state(state=ConnectionState.CREDENTIALS, message="Wrong password for secret@sunny.example.")
    assert line("sales") == (
        "Data from 10:00 UTC. OpenSolar refuses access since 11:00 UTC; your administrators were told."
    )
    assert line("administrator").endswith("Wrong password for secret@sunny.example. Go to connections")
    state(state=ConnectionState.WELL, last_success_at=NOON - timedelta(days=2))
    assert line("sales") == "Data from 18 Nov, 12:00 UTC. That is older than it should be."
    state(state=ConnectionState.PAUSED)
    assert line("sales") == "Data from 18 Nov, 12:00 UTC. The connection to OpenSolar is paused."
