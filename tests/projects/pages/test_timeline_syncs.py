"""Syncs on a project's timeline: what could not be read of it, and, for who asks for them, the account's runs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import RunState, SyncProblem, SyncRun
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_system
from tests.projects.pages.reading import text_of

What = SyncProblem.What


def _problem(
    company: Company, resource: str, number: int, what: str = What.RECORD, *, ago: int = 5, **more: Any
) -> None:
    row = SyncProblem(connection=company.connection, resource=resource, vendor_id=str(number), what=what, **more)
    row.reason, row.seen_at = row.reason or "kw_stc: “$777” is no number", NOON
    with scopes_disabled():
        row.save()
        SyncProblem.objects.filter(pk=row.pk).update(created_at=NOON - timedelta(hours=ago))


def _run(company: Company, state: str, *, ago: float, **more: Any) -> None:
    with scopes_disabled():
        at = NOON - timedelta(hours=ago)
        SyncRun.objects.create(connection=company.connection, state=state, started_at=at, finished_at=at, **more)


def _timeline(client: Client, project: Project, query: str = "") -> str:
    said = text_of(client.get(f"/projects/{project.pk}/{query}"))
    return said[said.index("Timeline") : said.index("Times in the project")]


@pytest.fixture
def roof(sunny: Company) -> Project:
    """A project that names the inspector."""
    return make_project(sunny.connection, created_date=None, modified_date=None, assigned_site_inspector_role_ref=13)


def test_what_could_not_be_read_is_told_and_when_it_was_over(sunny: Company, grace: Client, roof: Project) -> None:
    _problem(sunny, "projects", roof.opensolar_id, resolved_at=NOON - timedelta(hours=2))
    _problem(sunny, "system_details", roof.opensolar_id, What.FETCH, ago=4)
    system = make_system(roof, details_at=NOON)
    _problem(sunny, "systems", system.opensolar_id, ago=30)
    said = _timeline(grace, roof)
    order = (
        "Reading it from OpenSolar works again 2 h ago",
        "Could not be read from OpenSolar 4 h ago",
        "A change at OpenSolar could not be taken in 5 h ago",
        "A change at OpenSolar could not be taken in 1 d ago",
    )
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    assert "taken in" in _timeline(grace, roof, "?what=sync")
    assert "taken in" not in _timeline(grace, roof, "?what=notes")
    assert "taken in" not in _timeline(grace, roof, "?by=person")


def test_reasons_are_for_administrators(sunny: Company, grace: Client, roof: Project) -> None:
    _problem(sunny, "projects", roof.opensolar_id)
    _run(sunny, RunState.FAILED, ago=1, message="OpenSolar answered 500 to $777.")
    boss = signed_in(sunny.people["administrator"])
    assert _timeline(boss, roof, "?what=sync").count("$777") == 2
    for client in (grace, signed_in(sunny.people["inspector"])):
        said = _timeline(client, roof, "?what=sync")
        assert "could not be taken in" in said
        assert "with OpenSolar failed" in said
        assert "$777" not in said


def test_the_accounts_runs_stand_there_only_for_who_asks(sunny: Company, grace: Client, roof: Project) -> None:
    _run(sunny, RunState.SUCCESS, ago=1)
    _run(sunny, RunState.PARTIAL, ago=2, asked_by=sunny.people["administrator"])
    _run(sunny, RunState.FAILED, ago=3)
    with scopes_disabled():
        SyncRun.objects.create(connection=sunny.connection, state=RunState.RUNNING, started_at=NOON)
    assert "compared" not in _timeline(grace, roof)
    said = _timeline(grace, roof, "?what=sync")
    assert "All projects compared with OpenSolar 1 h ago" in said
    assert "All projects compared with OpenSolar, but for some records 2 h ago · Administrator" in said
    assert "Comparing all projects with OpenSolar failed 3 h ago" in said
    assert _timeline(grace, roof, "?what=sync&by=person").count("compared") == 1
    assert _timeline(grace, roof, "?what=sync&by=vendor").count("with OpenSolar") == 2
    assert "with OpenSolar" not in _timeline(grace, roof, "?what=sync&by=api")


def test_another_projects_troubles_and_a_neighbours_are_not_told(
    sunny: Company, kestrel: Company, grace: Client, roof: Project
) -> None:
    _problem(kestrel, "projects", roof.opensolar_id)
    _problem(sunny, "projects", make_project(sunny.connection).opensolar_id)
    _problem(sunny, "roles", roof.opensolar_id)
    _run(kestrel, RunState.SUCCESS, ago=1)
    assert "Nothing of this kind is known." in _timeline(grace, roof, "?what=sync")


def test_a_hundred_runs_are_paged(sunny: Company, grace: Client, roof: Project) -> None:
    for number in range(70):
        _run(sunny, RunState.SUCCESS, ago=1 + number / 60)
    address, seen = f"/projects/{roof.pk}/timeline/?what=sync", []
    while address:
        body = grace.get(address, headers={"HX-Request": "true"}).content.decode()
        seen += re.findall(r'<time datetime="([^"]*)"', body)
        found = re.search(rf'hx-get="(/projects/{roof.pk}/timeline/[^"]*before=[^"]*)"', body)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 70
