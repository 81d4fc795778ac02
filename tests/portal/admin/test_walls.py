"""The Django admin as seen by people who do not belong there: it is not there."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from portal.admin.base import OrganisationAdmin
from portal.models import Connection, Kind, Membership, Organisation
from tests.belongings import TELLTALES, furnish
from tests.conftest import Company, signed_in

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
by_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)


def page(model: type[Model], act: str, *of: Any) -> str:
    """The admin's address for an act on a model or one of its rows."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=of)


def test_stranger_is_sent_to_the_portals_own_sign_in(db: Any) -> None:
    answer = Client().get("/admin/portal/connection/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/portal/connection/")


def test_after_signing_in_the_stranger_is_where_they_wanted_to_go(sunny: Company) -> None:
    client = Client()
    there = client.get("/admin/portal/connection/", follow=True).redirect_chain[-1][0]
    given = {"login": "administrator@sunny.example", "password": "a long pass phrase for tests"}
    answer = client.post(there, given, follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/portal/connection/"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ADMINISTRATOR])
def test_it_is_not_there_for_other_kinds_of_people(sunny: Company, kind: Kind) -> None:
    client = signed_in(sunny.people[kind])
    for address in ("/admin/", "/admin/portal/", "/admin/login/", "/admin/jsi18n/", "/admin/portal/user/"):
        assert client.get(address).status_code == 404, address


def test_it_is_not_there_for_somebody_of_no_organisation(django_user_model: Any, db: Any) -> None:
    nobody = django_user_model.objects.create_superuser("nobody@example.com")
    assert signed_in(nobody).get("/admin/").status_code == 404


def test_only_pages_that_keep_to_one_organisation_are_registered() -> None:
    assert {model._meta.app_label for model in MODELS} == {"portal", "projects"}
    assert all(isinstance(page, OrganisationAdmin) for page in admin.site._registry.values())


def test_every_model_of_ours_has_a_page() -> None:
    ours = {m for app in ("portal", "projects") for m in apps.get_app_config(app).get_models()}
    # A proxy has no rows of its own: they stand on the page of the model behind it.
    assert {m for m in ours if not m._meta.proxy} - set(MODELS) == set()


@by_model
@pytest.mark.parametrize("act", ["change", "history", "delete"])
def test_row_of_another_organisation_is_not_there(
    sunny: Company, kestrel: Company, model: type[Model], act: str
) -> None:
    row = furnish(sunny)[model]
    client = signed_in(kestrel.people["administrator"])
    address = page(model, act, row.pk)
    assert client.get(address).status_code == 404
    assert client.post(address, {"post": "yes"}).status_code == 404
    assert type(row)._base_manager.filter(pk=row.pk).exists()


@by_model
def test_own_row_opens_and_shows_its_history(sunny: Company, model: type[Model]) -> None:
    row = furnish(sunny)[model]
    client = signed_in(sunny.people["administrator"])
    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "history", row.pk)).status_code == 200


@by_model
def test_list_shows_nothing_of_another_organisation(sunny: Company, kestrel: Company, model: type[Model]) -> None:
    furnish(sunny)
    answer = signed_in(kestrel.people["administrator"]).get(page(model, "changelist"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [word for word in TELLTALES if word in text] == []


@by_model
def test_nothing_can_be_added_by_hand(sunny: Company, model: type[Model]) -> None:
    client = signed_in(sunny.people["administrator"])
    assert client.get(page(model, "add")).status_code == 404
    assert client.post(page(model, "add"), {}).status_code == 404


def test_names_for_choosing_come_from_the_own_organisation(sunny: Company, kestrel: Company) -> None:
    furnish(sunny)
    asked = {"app_label": "projects", "model_name": "role", "field_name": "connection", "term": ""}
    answer = signed_in(kestrel.people["administrator"]).get("/admin/autocomplete/", asked)
    assert answer.status_code == 200
    assert "Zircon" not in answer.content.decode()
    assert [row["text"] for row in answer.json()["results"]] == ["opensolar 2"]


def test_objects_are_not_looked_up_past_the_walls(sunny: Company, kestrel: Company) -> None:
    """Stock admin has an address that finds any object of any content type."""
    kind = ContentType.objects.get_for_model(Connection)
    client = signed_in(kestrel.people["administrator"])
    assert client.get(f"/admin/r/{kind.pk}/{sunny.connection.pk}/").status_code == 404


def test_first_page_names_nothing_that_was_done_in_a_former_organisation(sunny: Company, kestrel: Company) -> None:
    mover = kestrel.people["administrator"]
    here = Membership.objects.create(organisation=sunny.organisation, user=mover, given_kind=Kind.ADMINISTRATOR)
    client = signed_in(mover)
    client.post("/organisation/", {"organisation": "sunny"})
    changed = client.post(page(Organisation, "change", sunny.organisation.pk), {"name": "Zircon & Co"}, follow=True)
    assert "Zircon" in changed.content.decode()
    with scopes_disabled():
        here.delete()
    answer = client.get("/admin/")
    assert answer.status_code == 200
    assert "Zircon" not in answer.content.decode()
