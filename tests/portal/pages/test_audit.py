"""What administrators do stands in a log that can be read, narrowed and taken away as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Connection, ConnectionState, Kind
from tests.conftest import Company, api, signed_in
from tests.portal.pages.reading import words


def entries() -> list[tuple[str, str]]:
    with scopes_disabled():
        return list(AuditEntry.objects.order_by("pk").values_list("act", "about"))


def noted(company: Company, number: int = 1, **columns: Any) -> None:
    person = company.people["administrator"]
    columns = {"act": "team.invited", "about": "marie@example.com", "actor_name": str(person), **columns}
    with scopes_disabled():
        AuditEntry.objects.bulk_create(
            AuditEntry(organisation=company.organisation, actor=person, **columns) for _ in range(number)
        )


def exported(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ADMINISTRATOR])
@pytest.mark.parametrize("address", ["/organisation/audit/", "/organisation/audit/export.csv"])
def test_only_administrators_read_it(sunny: Company, kind: Kind, address: str) -> None:
    noted(sunny)
    assert signed_in(sunny.people[kind]).get(address).status_code == 404


def test_a_button_on_a_connection_is_noted(sunny: Company, client: Client) -> None:
    client.post(f"/connections/{sunny.connection.pk}/pause/")
    assert entries() == [("connection.changed", str(sunny.connection))]
    text = words(client.get("/organisation/audit/"))
    assert "Administrator Changed a connection" in text
    assert "button: pause" in text


def test_what_could_not_be_done_is_not_noted(sunny: Company, client: Client) -> None:
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.PAUSED)
    client.post(f"/connections/{sunny.connection.pk}/sync/")
    assert entries() == []


def test_a_new_login_is_noted_without_the_login(sunny: Company, client: Client) -> None:
    client.post(f"/connections/{sunny.connection.pk}/login/", {"token": "a-very-secret-token"})
    assert entries() == [("connection.credentials", str(sunny.connection))]
    assert "a-very-secret-token" not in words(client.get("/organisation/audit/"))


def test_the_administration_notes_which_fields_changed(sunny: Company, client: Client) -> None:
    client.post(
        f"/admin/portal/connection/{sunny.connection.pk}/change/",
        {"machine_user": "unknown", "requests_at_once": "1", "page_size": "50", "_save": "Save"},
    )
    assert entries() == [("admin.changed", str(sunny.connection))]
    assert "record: connection" in words(client.get("/organisation/audit/"))


def test_it_narrows_by_act_person_and_day(sunny: Company, client: Client) -> None:
    noted(sunny)
    noted(sunny, act="team.removed", about="pierre@example.com")
    person = sunny.people["administrator"].pk
    assert "pierre@" not in words(client.get(f"/organisation/audit/?act=team.invited&who={person}"))
    assert "Nothing was done that fits" in words(client.get("/organisation/audit/?who=999999"))
    assert "Nothing was done that fits" in words(client.get("/organisation/audit/?to=2020-01-01"))
    assert "pierre@" in words(client.get("/organisation/audit/?from=2020-01-01"))


@pytest.mark.parametrize("query", ["act=nonsense", "from=yesterday", "to=0001-01-01", "who=me", "before=x" * 100])
def test_what_it_does_not_understand_is_said_or_left_out(sunny: Company, client: Client, query: str) -> None:
    noted(sunny)
    assert "marie@example.com" in words(client.get(f"/organisation/audit/?{query}"))


def test_pages_show_every_entry_once(sunny: Company, client: Client) -> None:
    for number in range(120):
        noted(sunny, about=f"person {number:03}")
    shown: list[str] = []
    address: str | None = "?"
    while address:
        answer = client.get(f"/organisation/audit/{address}")
        shown += [entry.about for entry, _what, _details in answer.context["lines"]]
        address = answer.context["earlier_url"]
    assert shown == [f"person {number:03}" for number in reversed(range(120))]


def test_the_file_holds_all_of_it_and_no_formula(sunny: Company, client: Client) -> None:
    noted(sunny, 600)
    noted(sunny, about="=HYPERLINK(1)", details={"kind": "sales"})
    rows = exported(client.get("/organisation/audit/export.csv?act=team.invited"))
    assert len(rows) == 602
    assert rows[1][1:] == ["Administrator", "Invited", "'=HYPERLINK(1)", "kind: sales"]
    assert rows[1][0].endswith("Z")


def test_number_of_queries_does_not_grow(sunny: Company, client: Client) -> None:
    noted(sunny, 2)
    client.get("/organisation/audit/")
    with CaptureQueriesContext(database) as few:
        client.get("/organisation/audit/")
    noted(sunny, 60)
    with CaptureQueriesContext(database) as many:
        client.get("/organisation/audit/")
    assert len(many) == len(few) <= 25


def test_who_takes_the_projects_away_is_noted_whoever_it_is(sunny: Company, client: Client) -> None:
    signed_in(sunny.people["sales"]).get("/projects/export.csv?q=becquerel")
    assert entries() == [("projects.exported", "")]
    text = words(client.get("/organisation/audit/"))
    assert "Sales Took the list of projects away as a file" in text
    assert "filters: ?q=becquerel" in text


def test_who_takes_the_portfolio_away_is_noted(sunny: Company, client: Client) -> None:
    signed_in(sunny.people["sales"]).get("/portfolio/export.csv?sold=yes")
    client.get("/portfolio/export.csv")
    assert entries() == [("portfolio.exported", "")] * 2
    text = words(client.get("/organisation/audit/"))
    assert "Sales Took the portfolio away as a file filters: ?sold=yes" in text


def test_who_takes_the_delivery_log_away_is_noted(sunny: Company, client: Client) -> None:
    client.get(f"/connections/{sunny.connection.pk}/deliveries/export.csv?outcome=failed")
    assert entries() == [("deliveries.exported", str(sunny.connection))]
    text = words(client.get("/organisation/audit/"))
    assert f"Took OpenSolar's delivery log away as a file {sunny.connection} filters: ?outcome=failed" in text


def test_who_only_asks_whether_there_is_a_file_takes_nothing_away(sunny: Company, client: Client) -> None:
    log = f"/connections/{sunny.connection.pk}/deliveries/"
    for place in ("/projects/", "/portfolio/", log, "/organisation/audit/"):
        assert client.head(f"{place}export.csv").status_code == 200
    assert entries() == []


def test_a_sync_asked_for_over_the_api_is_noted_like_the_button(sunny: Company, client: Client) -> None:
    wish = {"connection": sunny.connection.pk, "full": True}
    integrator = api(sunny.token("administrator"))
    assert integrator.post("/api/v1/syncs/", wish, content_type="application/json").status_code == 202
    assert entries() == [("connection.synced", str(sunny.connection))]
    text = words(client.get("/organisation/audit/"))
    assert f"Administrator Asked for a sync {sunny.connection}" in text
    assert "over: API" in text


def test_a_sync_that_was_refused_over_the_api_is_not_noted(sunny: Company) -> None:
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.PAUSED)
    wish = {"connection": sunny.connection.pk}
    integrator = api(sunny.token("administrator"))
    assert integrator.post("/api/v1/syncs/", wish, content_type="application/json").status_code == 400
    assert entries() == []


def test_taking_the_log_away_stands_in_the_log(sunny: Company, client: Client) -> None:
    rows = exported(client.get("/organisation/audit/export.csv"))
    assert rows[1][1:3] == ["Administrator", "Took the audit log away as a file"]


def test_a_no_is_said(sunny: Company, client: Client) -> None:
    membership = sunny.membership("sales")
    client.post(f"/team/members/{membership.pk}/rights/", {"costs": "on"})
    assert "costs: yes; prices: no" in words(client.get("/organisation/audit/"))
    Authenticator.objects.create(user=sunny.people["administrator"], type=Authenticator.Type.TOTP, data={})
    for second_factor in ({"second_factor": "on"}, {}):
        client.post("/organisation/settings/", {"name": "Sunny Solar", **second_factor})
    assert "administrators need second factor: no" in words(client.get("/organisation/audit/"))


def test_what_commands_do_is_noted_too(sunny: Company, client: Client) -> None:
    call_command("createtoken", "sales@sunny.example", "--organisation", "sunny", stdout=io.StringIO())
    assert entries() == [("token.created", "Sales")]
    text = words(client.get("/organisation/audit/"))
    assert "Command line Made an API token Sales email: sales@sunny.example" in text
