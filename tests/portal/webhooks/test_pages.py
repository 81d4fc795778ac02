"""The connection's page: whether changes come at once, what to do, how complete the mirror is; the delivery log."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import (
    AuditEntry,
    Connection,
    Cursor,
    InboxEvent,
    Kind,
    Membership,
    PendingFetch,
    SyncProblem,
    User,
    Webhook,
    WebhookState,
)
from portal.registry import registry
from portal.services import inbox, pruning
from projects.models import WebhookLog
from tests.conftest import Company, api, signed_in
from tests.factories import make_project
from tests.portal.pages.reading import buttons, words
from tests.portal.webhooks.conftest import Reported
from tests.world import connection


@pytest.fixture
def owner(reported: Reported) -> Client:
    person = User.objects.create_user("ada@example.com", first_name="Ada")
    with scopes_disabled():
        Membership.objects.create(organisation=connection().organisation, user=person, given_kind=Kind.ADMINISTRATOR)
    return signed_in(person)


@pytest.fixture
def admin(sunny: Company) -> Client:
    return signed_in(sunny.people["administrator"])


def a_webhook(company: Company, **columns: Any) -> Webhook:
    with scopes_disabled():
        return Webhook.objects.create(
            organisation=company.organisation, connection=company.connection, key="k", **columns
        )


def press(client: Client, act: str) -> str:
    address = f"/connections/{connection().pk}/webhook/"
    return words(client.post(address, {"act": act}, follow=True))


def test_switched_off_there_it_is_said_and_one_click_brings_it_back(reported: Reported, owner: Client) -> None:
    (one,) = reported.registered()
    reported.at_vendor(one["id"], enabled=False)
    reported.world.sync()
    page = owner.get(f"/connections/{connection().pk}/")
    assert "Somebody switched the webhook off at OpenSolar. Nothing is lost" in words(page)
    assert "A worker sees to it" in press(owner, "enable")
    inbox.look_after(connection().pk)
    assert reported.registered()[0]["enabled"]
    assert "Changes at once Working" in words(owner.get(f"/connections/{connection().pk}/"))
    with scopes_disabled():
        assert AuditEntry.objects.filter(act="connection.changed").exists()


def test_its_buttons_do_what_they_say(reported: Reported, owner: Client) -> None:
    before = reported.path
    press(owner, "secret")
    inbox.look_after(connection().pk)
    assert reported.path != before
    assert reported.registered()[0]["endpoint"].endswith(reported.path)
    press(owner, "off")
    inbox.look_after(connection().pk)
    assert not reported.registered()[0]["enabled"]
    press(owner, "on")
    inbox.look_after(connection().pk)
    assert reported.registered()[0]["enabled"]
    assert "There is no such act." in press(owner, "explode")


def test_neither_address_nor_secret_is_shown(reported: Reported, owner: Client) -> None:
    text = owner.get(f"/connections/{connection().pk}/").content.decode()
    assert reported.row.key not in text
    assert reported.row.secret["secret"] not in text


def test_without_a_public_address_it_says_what_to_do(sunny: Company, admin: Client) -> None:
    text = words(admin.get(f"/connections/{sunny.connection.pk}/"))
    assert "set PORTAL_BASE_URL and sync once" in text
    answer = admin.post(f"/connections/{sunny.connection.pk}/webhook/", {"act": "test"}, follow=True)
    assert "The portal has no public address" in words(answer)


def test_state_arrivals_and_self_test_in_words(sunny: Company, admin: Client) -> None:
    now = timezone.now()
    a_webhook(
        sunny,
        state=WebhookState.ON,
        last_arrival_at=now - timedelta(minutes=5),
        tested_at=now - timedelta(hours=2),
        test_message="Nobody answers.",
        log_read_at=now,
        missed=2,
    )
    with scopes_disabled():
        for state in ("new", "done", "unreadable", "test"):
            InboxEvent.objects.create(
                organisation=sunny.organisation, connection=sunny.connection, body=b"", received_at=now, state=state
            )
    text = words(admin.get(f"/connections/{sunny.connection.pk}/"))
    assert "Last arrival 5 min ago Last 24 hours 3 events, 1 waiting, 1 not readable" in text
    assert "Self-test Nobody answers. 2 h ago" in text
    assert "2 events never arrived; their records were asked for" in text


def test_completeness_is_stated_and_what_is_missing_is_named(sunny: Company, admin: Client) -> None:
    address = f"/connections/{sunny.connection.pk}/"
    for _ in range(5):
        make_project(sunny.connection)
    with scopes_disabled():
        Connection.objects.update(switched_off={"costings": "402"})
        for resource in registry.source("opensolar").resources:
            if resource.name != "costings":
                Cursor.objects.create(connection=sunny.connection, resource=resource.name, completed_at=timezone.now())
    assert "Completeness 100 % All 10 records are as the vendor has them." in words(admin.get(address))
    with scopes_disabled():
        PendingFetch.objects.create(connection=sunny.connection, resource="project_details", vendor_id="1")
        SyncProblem.objects.create(
            connection=sunny.connection, resource="contacts", vendor_id="7", reason="x", seen_at=timezone.now()
        )
        Cursor.objects.filter(resource="systems").delete()
    text = words(admin.get(address))
    assert "Completeness 81.8 %" in text
    assert "Contacts: 1 not taken in, see the problems" in text
    assert "Projects: 1 to be asked for again" in text
    assert "Systems: not listed completely yet" in text


@pytest.mark.parametrize("who", ["sales", "installer"])
def test_only_administrators_see_and_press(sunny: Company, who: str) -> None:
    client, address = signed_in(sunny.people[who]), f"/connections/{sunny.connection.pk}"
    assert client.post(f"{address}/webhook/", {"act": "test"}).status_code == 404
    assert client.get(f"{address}/deliveries/").status_code == 404
    assert client.get(f"{address}/deliveries/export.csv").status_code == 404
    assert api(sunny.token(who)).get("/api/v1/webhook-logs/").status_code == 404


@pytest.fixture
def log(sunny: Company) -> None:
    """120 deliveries: every tenth failed, every third never arrived, the last went to another webhook."""
    lines = [
        WebhookLog(
            organisation=sunny.organisation,
            connection=sunny.connection,
            opensolar_id=number,
            webhook_ref=501,
            successful=number % 10 != 0,
            model_name="Contact" if number % 2 else "Project",
            model_pk=number,
            event_id=number,
            event_name="UPDATE",
            event_timestamp=datetime(2026, 11, 20, tzinfo=UTC),
            notes="=timeout" if number % 10 == 0 else "HTTP 200",
            created_date=datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=number),
            arrived=None if number == 119 else number % 3 != 0,
            read_at=timezone.now(),
        )
        for number in range(120)
    ]
    with scopes_disabled():
        WebhookLog.objects.bulk_create(lines)


def shown(client: Client, address: str) -> list[str]:
    return words(client.get(address)).split(" Here ")[1].split("UPDATE")[:-1]


def test_the_log_comes_in_pages_and_is_narrowed(sunny: Company, admin: Client, log: None) -> None:
    address = f"/connections/{sunny.connection.pk}/deliveries/"
    first = words(admin.get(address))
    assert "Contact 119" in first
    assert "Project 68 " not in first
    assert "Project 68 " in words(admin.get(f"{address}?before=70"))
    assert len(shown(admin, f"{address}?outcome=failed")) == 12
    assert len(shown(admin, f"{address}?q=77")) == 1
    assert len(shown(admin, f"{address}?outcome=missed&model=Project")) == 20
    assert "No delivery fits" in words(admin.get(f"{address}?q=nothing+like+it"))
    assert admin.get(f"{address}?outcome=x&before=y&q=%00&model=%00").status_code == 200


def test_the_export_holds_what_is_narrowed_and_no_formula(sunny: Company, admin: Client, log: None) -> None:
    answer = admin.get(f"/connections/{sunny.connection.pk}/deliveries/export.csv?outcome=failed")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == 12
    assert {line["Notes"] for line in lines} == {"'=timeout"}
    assert {line["Successful"] for line in lines} == {"no"}


def test_the_log_over_the_api(sunny: Company, log: None) -> None:
    client = api(sunny.token("administrator"))
    whole = client.get("/api/v1/webhook-logs/?page_size=200").json()
    assert len(whole["results"]) == 120
    assert (whole["results"][1]["opensolar_id"], whole["results"][1]["created_date"]) == (1, "2026-11-20T00:01:00Z")
    missed = client.get("/api/v1/webhook-logs/?arrived=0&model_name=project").json()["results"]
    assert [row["model_pk"] for row in missed] == [*range(0, 120, 6)]
    one = client.get(f"/api/v1/webhook-logs/{whole['results'][0]['id']}/").json()
    assert one["notes"] == "=timeout"


def test_old_bodies_are_pruned_in_batches_and_waiting_events_stay(sunny: Company) -> None:
    old = timezone.now() - timedelta(days=91)
    with scopes_disabled():
        for state, at in (("done", old), ("new", old), ("done", timezone.now())):
            InboxEvent.objects.create(
                organisation=sunny.organisation, connection=sunny.connection, body=b"{}", received_at=at, state=state
            )
        pruning.prune()
        assert [event.state for event in InboxEvent.objects.order_by("pk")] == ["new", "done"]


def test_the_page_asks_no_more_queries_however_much_arrived(
    sunny: Company, admin: Client, django_assert_max_num_queries: Any
) -> None:
    a_webhook(sunny, state=WebhookState.ON)
    with scopes_disabled():
        InboxEvent.objects.bulk_create(
            InboxEvent(
                organisation=sunny.organisation, connection=sunny.connection, body=b"", received_at=timezone.now()
            )
            for _ in range(10_001)
        )
    admin.get(f"/connections/{sunny.connection.pk}/")
    with django_assert_max_num_queries(40):
        text = words(admin.get(f"/connections/{sunny.connection.pk}/"))
    assert "10,001 events, 10,001 waiting" in text
    assert buttons(admin.get(f"/connections/{sunny.connection.pk}/"))
