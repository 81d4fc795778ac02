"""The organisation at OpenSolar: read when its page is opened, renamed, refused, gone missing."""

from __future__ import annotations

import pytest
import requests
from django.urls import reverse
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Change, DeliveryState
from projects.models import Account
from tests.portal.outbox.conftest import Office
from tests.projects.prices.acts import ask, change
from tests.world import API

ORG = f"{API}/"


def account(office: Office) -> Account:
    """As the page brings it."""
    assert office.browser("ada").get(reverse("accounts")).status_code == 200
    with scopes_disabled():
        return Account.objects.get()


@pytest.mark.parametrize("document", [True, False])
def test_the_organisation_is_renamed_once_it_was_confirmed(office: Office, document: bool) -> None:
    office.world.settings(document_posts=document)
    ours = account(office)
    address = reverse("account_edit", args=[ours.pk])
    question = ask(office.browser("ada"), address, name="Sunnier Roofs")
    assert "changes your organisation in OpenSolar for everybody" in question.content.decode()
    assert question.context["lines"] == [("Name", ours.name, "Sunnier Roofs")]
    change(office, address, name="Sunnier Roofs")
    ada = office.browser("ada")
    beside = ada.get(reverse("account", args=[ours.pk])).content.decode()
    assert "Waiting to be sent" in beside
    assert "Waiting to be sent" in ada.get(reverse("accounts")).content.decode()
    office.work()
    assert office.last().state == DeliveryState.SENT, office.last().message
    changed = [call for call in office.world.log() if call["path"] == ORG and call["method"] in ("POST", "PUT")]
    assert [call["method"] for call in changed] == (["POST"] if document else ["POST", "PUT"])
    ours = account(office)
    assert ours.name == "Sunnier Roofs"
    with scopes_disabled():
        told = Change.objects.get(resource="org")
        assert (told.field, told.actor, told.source) == ("name", office.people["ada"], "person")
        assert AuditEntry.objects.filter(act="account.changed", actor=office.people["ada"]).count() == 1


def test_a_refusal_stands_at_the_field(office: Office) -> None:
    address = reverse("account_edit", args=[account(office).pk])
    office.world.fault("status", path=ORG, method="PUT", status=400, body={"name": ["Taken."]})
    change(office, address, name="Another")
    office.work()
    form = office.browser("ada").get(f"{address}?from={office.last().pk}").context["form"]
    assert (form["name"].value(), form["name"].errors) == ("Another", ["Taken."])


def test_two_names_meet_and_a_person_chooses(office: Office) -> None:
    change(office, reverse("account_edit", args=[account(office).pk]), name="Mine")
    _renamed_there(office, "Theirs")
    office.work()
    met = office.last()
    assert (met.state, met.theirs) == (DeliveryState.CONFLICT, {"name": "Theirs"})
    office.browser("ada").post(reverse("delivery_choose", args=[met.pk]), {"choice-name": "theirs"})
    office.work()
    assert account(office).name == "Theirs"


def _renamed_there(office: Office, name: str) -> None:
    headers = {"Authorization": f"Bearer {office.connection.credentials['token']}"}
    url = f"{office.world.base_url}/api/orgs/1/"
    assert requests.put(url, json={"name": name}, headers=headers, timeout=5).ok


def test_without_an_answer_the_page_says_so_and_keeps_what_it_knew(office: Office) -> None:
    ours = account(office)
    office.world.fault("status", path=ORG, status=503, times=None)
    page = office.browser("ada").get(reverse("accounts")).content.decode()
    assert "does not answer now" in page
    assert ours.name in page


def test_nobody_but_administrators_finds_it(office: Office) -> None:
    ours = account(office)
    for who in ("anna", "ina"):
        browser = office.browser(who)
        assert browser.get(reverse("accounts")).status_code == 404
        assert browser.get(reverse("account", args=[ours.pk])).status_code == 404
        assert browser.post(reverse("account_edit", args=[ours.pk]), {"name": "x"}).status_code == 404
    assert office.all() == []
