"""Looking things up in the Django admin: every list is searchable, quick, and changes nothing of the vendors'."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection as database
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import ApiToken, Membership, MirroredRecord, Organisation, Payload, Quota, SyncProblem
from projects.models import Project, SavedView
from tests.belongings import furnish
from tests.conftest import Company, signed_in
from tests.portal.admin.test_walls import MODELS, by_model, page

FOUND_BY = {
    "account": "Zircon",
    "apitoken": "Zircon exp",
    "auditentry": "Zircon",
    "change": "3001",
    "componentactivation": "Zircon 440",
    "connection": "Zircon0",
    "contact": "Swan",
    "costing": "Zircon costs",
    "event": "Zircon visit",
    "invitation": "zircon@sunny",
    "listchoice": "leavitt0",
    "cursor": "projects",
    "inboxevent": "3001",
    "webhook": "Zircon0",
    "webhooklog": "Zircon timed",
    "delivery": "Zircon Lane",
    "lease": "Zircon0",
    "listingpage": "3002",
    "membership": "leavitt0",
    "notification": "Sold: Zircon",
    "notificationchoice": "leavitt0",
    "organisation": "sunny",
    "payload": "3001",
    "paymentoption": "Zircon loan",
    "pendingfetch": "3001",
    "pricingscheme": "Zircon per watt",
    "privatefile": "Zircon lease",
    "project": "zircon lane",
    "quota": "project",
    "role": "surveyor",
    "savedview": "Zircon views",
    "savedviewpin": "Zircon views",
    "soldpromise": "zircon prom",
    "syncproblem": "no date",
    "syncrun": "Zircon Lane",
    "system": "zircon opt",
    "systempicture": "Zircon sent",
    "user": "Henrietta",
}


@pytest.fixture
def client(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])


@by_model
def test_it_can_be_searched(sunny: Company, client: Client, model: type[Model]) -> None:
    row = furnish(sunny)[model]
    name = str(model._meta.model_name)
    words = {"projectcontact": "project_ref", "proposal": "opensolar_id"}.get(name, "")
    words = str(getattr(row, words)) if words else FOUND_BY[name]
    assert f"{_address(model, row)}" in _list(client, model, words)
    assert _address(model, row) not in _list(client, model, "no such words 77")


def _list(client: Client, model: type[Model], words: str) -> str:
    answer = client.get(page(model, "changelist"), {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


def _address(model: type[Model], row: Any) -> str:
    return f'href="{page(model, "change", row.pk)}'


@by_model
def test_thirty_rows_take_no_more_queries_than_one(sunny: Company, client: Client, model: type[Model]) -> None:
    furnish(sunny)
    client.get(page(model, "changelist"))
    few = _queries(client, page(model, "changelist"))
    for number in range(1, 30):
        furnish(sunny, number)
    assert _queries(client, page(model, "changelist")) == few
    assert few <= 12


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(database) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, MirroredRecord)])
def test_mirrored_record_can_be_read_and_not_written(sunny: Company, client: Client, model: type[Model]) -> None:
    row = furnish(sunny)[model]
    address = page(model, "change", row.pk)
    answer = client.get(address)
    assert "Zircon" in answer.content.decode() or "Leavitt" in answer.content.decode()
    assert b'name="_save"' not in answer.content
    assert answer.context["adminform"].form.fields == {}
    before = _columns(row)
    assert client.post(address, dict.fromkeys(before, "1")).status_code == 404
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 404
    assert _columns(row) == before


def _columns(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = type(row)._base_manager.filter(pk=row.pk).values().get()
    return found


def test_only_these_can_be_written_or_deleted() -> None:
    pages = admin.site._registry.values()
    editable = {page.model: page.editable for page in pages if page.editable}  # type: ignore[attr-defined]
    assert {model._meta.model_name: names for model, names in editable.items()} == {
        "connection": ("machine_user", "requests_at_once", "page_size"),
        "membership": ("given_kind", "prices", "costs"),
        "organisation": ("name",),
        "user": ("first_name", "last_name"),
    }
    assert {page.model for page in pages if page.may_delete} == {ApiToken, Membership, SavedView}  # type: ignore[attr-defined]


def test_list_offers_no_acts_on_many_rows_at_once(sunny: Company, client: Client) -> None:
    for model in MODELS:
        row = furnish(sunny, MODELS.index(model))[model]
        wish = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        client.post(page(model, "changelist"), wish)
        assert model._base_manager.filter(pk=row.pk).exists(), model


@pytest.mark.parametrize("model", MODELS)
def test_no_list_opens_the_connections_credentials(sunny: Company, client: Client, model: type[Model]) -> None:
    furnish(sunny)
    with CaptureQueriesContext(database) as queries:
        assert client.get(page(model, "changelist")).status_code == 200
    assert [q["sql"] for q in queries if '"credentials"' in q["sql"]] == []


def test_bodies_stay_out_of_lists(sunny: Company, client: Client) -> None:
    """A list of a hundred thousand payloads must not read a hundred thousand bodies."""
    furnish(sunny)
    for model, column in ((Payload, '"body"'), (SyncProblem, '"payload"')):
        with CaptureQueriesContext(database) as queries:
            client.get(page(model, "changelist"))
        mine = [q["sql"] for q in queries if f'FROM "{model._meta.db_table}"' in q["sql"]]
        assert mine
        assert [sql for sql in mine if column in sql.split(" FROM ")[0]] == []


def test_budget_of_another_organisation_is_not_listed(sunny: Company, kestrel: Company) -> None:
    mine = furnish(sunny)[Quota]
    answer = signed_in(kestrel.people["administrator"]).get(page(Quota, "changelist"))
    assert mine.owner not in answer.content.decode()
    assert answer.context["cl"].result_count == 0


def test_project_names_its_people_even_when_they_have_not_arrived(sunny: Company, client: Client) -> None:
    project = furnish(sunny)[Project]
    Project._base_manager.filter(pk=project.pk).update(assigned_role_ref=987654)
    assert client.get(page(Project, "change", project.pk)).status_code == 200


def test_organisation_page_renames_only_the_own(sunny: Company, kestrel: Company, client: Client) -> None:
    client.post(page(Organisation, "change", sunny.organisation.pk), {"name": "Sunny Roofs", "slug": "stolen"})
    sunny.organisation.refresh_from_db()
    assert (sunny.organisation.name, sunny.organisation.slug) == ("Sunny Roofs", "sunny")
