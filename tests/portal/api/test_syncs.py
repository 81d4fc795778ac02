"""Runs over the API: administrators read them and ask for one; for others they are not there."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app

from portal.models import RunState, SyncRun
from tests.conftest import Company, api
from tests.factories import NOON

SYNCS = "/api/v1/syncs/"


def make_run(company: Company, **columns: Any) -> SyncRun:
    columns = {"state": RunState.SUCCESS, "started_at": NOON, "finished_at": NOON, "requests": 3, **columns}
    return SyncRun.objects.with_scopes_disabled().create(connection=company.connection, **columns)


def runs() -> Any:
    return SyncRun.objects.with_scopes_disabled()


def test_administrators_read_runs(sunny: Company, kestrel: Company) -> None:
    counts = {"projects": {"fetched": 3, "created": 1}}
    run = make_run(sunny, counts=counts, progress={"page": 2}, message="Done.")
    foreign = make_run(kestrel)
    client = api(sunny.token("administrator"))
    (row,) = client.get(SYNCS).json()["results"]
    queued_at = row.pop("queued_at")
    assert queued_at.endswith("Z")
    assert row == {
        "id": run.pk,
        "connection": sunny.connection.pk,
        "vendor": "opensolar",
        "state": "success",
        "full": False,
        "started_at": "2026-11-20T12:00:00Z",
        "finished_at": "2026-11-20T12:00:00Z",
        "counts": counts,
        "progress": {"page": 2},
        "requests": 3,
        "message": "Done.",
    }
    assert client.get(f"{SYNCS}{run.pk}/").json() == {**row, "queued_at": queued_at}
    assert client.get(f"{SYNCS}{foreign.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["sales", "inspector", "installer", "unassigned"])
def test_for_others_there_are_no_runs(sunny: Company, who: str) -> None:
    run = make_run(sunny)
    client = api(sunny.token(who))
    assert client.get(SYNCS).status_code == 404
    assert client.get(f"{SYNCS}{run.pk}/").status_code == 404
    asked = client.post(SYNCS, {"connection": sunny.connection.pk}, content_type="application/json")
    assert asked.status_code == 404
    assert runs().count() == 1


def test_runs_are_filtered(sunny: Company) -> None:
    make_run(sunny)
    failed = make_run(sunny, state=RunState.FAILED)
    client = api(sunny.token("administrator"))
    assert [row["id"] for row in client.get(f"{SYNCS}?state=failed").json()["results"]] == [failed.pk]
    assert client.get(f"{SYNCS}?queued_since=2100-01-01").json()["results"] == []
    assert client.get(f"{SYNCS}?connection={sunny.connection.pk + 1}").json()["results"] == []
    assert list(client.get(f"{SYNCS}?state=odd").json()) == ["state"]
    assert client.get(f"{SYNCS}?removed=1").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_sync_is_asked_for_once(sunny: Company) -> None:
    client = api(sunny.token("administrator"))
    wish = {"connection": sunny.connection.pk, "full": True}
    with current_app.connection_for_write() as broker:
        queue = broker.SimpleQueue(current_app.conf.task_default_queue)
        queue.clear()
        first = client.post(SYNCS, wish, content_type="application/json")
        message = queue.get(timeout=5)
    assert first.status_code == 202
    assert (first.json()["state"], first.json()["full"]) == ("queued", True)
    assert message.headers["task"] == "portal.tasks.run_sync"
    assert message.payload[0] == [first.json()["id"]]
    again = client.post(SYNCS, wish, content_type="application/json")
    assert again.json()["id"] == first.json()["id"]
    assert runs().get().asked_by == sunny.people["administrator"]


@pytest.mark.parametrize("wish", [{}, {"connection": "x"}, {"connection": 10**30}, {"connection": 0}, [], {"full": 1}])
def test_a_wish_that_names_no_connection_is_refused(sunny: Company, wish: Any) -> None:
    answer = api(sunny.token("administrator")).post(SYNCS, wish, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()
    assert not runs().exists()


def test_another_organisations_connection_is_not_there(sunny: Company, kestrel: Company) -> None:
    wish = {"connection": kestrel.connection.pk}
    answer = api(sunny.token("administrator")).post(SYNCS, wish, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"connection": ["There is no such connection."]})
    assert not runs().exists()


def test_a_wish_that_is_no_json_is_refused(sunny: Company) -> None:
    client = api(sunny.token("administrator"))
    assert client.post(SYNCS, "{", content_type="application/json").status_code == 400
    assert client.post(SYNCS, {"connection": sunny.connection.pk}).status_code == 415
