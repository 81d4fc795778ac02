"""What administrators decide for everybody: the company's name, and whether they need a second factor."""

from __future__ import annotations

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Kind, Organisation
from tests.conftest import Company, signed_in
from tests.portal.pages.reading import words

ADDRESS = "/organisation/settings/"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ADMINISTRATOR])
def test_only_administrators_decide(sunny: Company, kind: Kind) -> None:
    client = signed_in(sunny.people[kind])
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"name": "Mallory"}).status_code == 404
    assert Organisation.objects.get(pk=sunny.organisation.pk).name == "Sunny Solar"


def test_a_new_name_is_stored_and_noted_once(sunny: Company, client: Client) -> None:
    for _twice in range(2):
        answer = client.post(ADDRESS, {"name": "Sunny & Sons"}, follow=True)
    assert "Sunny & Sons" in words(answer)
    with scopes_disabled():
        (entry,) = AuditEntry.objects.all()
    assert (entry.act, entry.details) == ("organisation.changed", {"name": "Sunny & Sons"})


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_no_name_is_refused_in_words(sunny: Company, client: Client, name: str) -> None:
    answer = client.post(ADDRESS, {"name": name})
    assert answer.status_code == 422
    assert Organisation.objects.get(pk=sunny.organisation.pk).name == "Sunny Solar"


def test_a_second_factor_can_be_asked_of_administrators(sunny: Company, client: Client) -> None:
    client.post(ADDRESS, {"name": "Sunny Solar", "second_factor": "on"})
    assert Organisation.objects.get(pk=sunny.organisation.pk).administrators_need_second_factor
