"""Walks every address of the site as people who do not belong there: pages, API, admin. Nothing may show through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Connection, Kind, Membership, SyncRun, User
from tests.addresses import ABOUT_NOBODY, Unknown, about, every_address, filled
from tests.belongings import TELLTALES, Belongings, furnish
from tests.conftest import Company, api, signed_in

ADDRESSES = every_address()
OF_RECORDS = [template for template in ADDRESSES if "<" in template and template not in ABOUT_NOBODY]
OF_NOBODY = [template for template in ADDRESSES if template not in OF_RECORDS]
# Open to everybody on purpose: signing in, being alive, and the API's description, which holds no records.
PUBLIC = (
    "/accounts/",
    "/welcome/start/",
    "/invitations/",
    "/demo/",
    "/webhooks/",
    "/healthz",
    "/readyz",
    "/api/v1/schema/",
    "/api/v1/docs/",
)
# Answers 404 to whoever asks: what is not among the API's addresses.
NOWHERE = ("/api/v1/",)
QUERIES = ("?removed=1&payload=1&page_size=200", "?q=zircon&search=zircon")
AREAS: dict[str, Callable[[str], bool]] = {
    "api": lambda template: template.startswith("/api/"),
    "admin_portal": lambda template: template.startswith("/admin/portal/"),
    "admin": lambda template: template.startswith("/admin/") and not template.startswith("/admin/portal/"),
    "pages": lambda template: not template.startswith(("/api/", "/admin/")),
}
everywhere = pytest.mark.parametrize("area", AREAS)


@pytest.fixture
def secrets(sunny: Company) -> Belongings:
    """What belongs to sunny and to nobody else."""
    return furnish(sunny)


@pytest.fixture
def strangers(sunny: Company) -> dict[str, Client]:
    """People who belong to no organisation: one whose access here has ended, and one with every Django flag."""
    former = User.objects.create_user("former@example.com")
    with scopes_disabled():
        Membership.objects.create(
            organisation=sunny.organisation, user=former, given_kind=Kind.ADMINISTRATOR, ended_at=timezone.now()
        )
    superuser = User.objects.create_superuser("superuser@example.com")
    return {"former": signed_in(former), "superuser": signed_in(superuser)}


def people_of(company: Company, area: str) -> dict[str, Client]:
    """The company's people: the API is entered by token, the rest by session."""
    if area == "api":
        return {str(kind): api(company.token(str(kind))) for kind in Kind}
    return {str(kind): signed_in(person) for kind, person in company.people.items()}


def contents(secrets: Belongings) -> dict[type[Model], Any]:
    """Everything that stands in the rows."""
    return {model: model._base_manager.filter(pk=row.pk).values().first() for model, row in secrets.items()}


def telltales(answer: Any) -> list[str]:
    """What of sunny's stands in an answer, streamed or not."""
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace")
    return [word for word in TELLTALES if word in text]


@everywhere
def test_record_of_another_organisation_is_not_there(
    area: str, kestrel: Company, secrets: Belongings, strangers: dict[str, Client]
) -> None:
    outsiders = people_of(kestrel, area) | ({} if area == "api" else strangers)
    leaks = []
    for template in filter(AREAS[area], OF_RECORDS):
        address = filled(template, secrets)
        for who, client in outsiders.items():
            answer = client.get(address)
            if answer.status_code != 404 or telltales(answer):
                leaks.append(f"{who} got {answer.status_code} from {address} {telltales(answer)}")
    assert leaks == []


@everywhere
def test_record_of_another_organisation_cannot_be_changed(
    area: str, kestrel: Company, secrets: Belongings, strangers: dict[str, Client]
) -> None:
    people = {"administrator": people_of(kestrel, area)["administrator"], "former": strangers["former"]}
    before, leaks = contents(secrets), []
    wish = {"post": "yes", "first_name": "Mallory", "name": "Mallory", "given_kind": "sales", "token": "stolen"}
    for template in filter(AREAS[area], OF_RECORDS):
        address = filled(template, secrets)
        for who, client in people.items():
            answers = [act(address, wish, content_type="application/json") for act in (client.put, client.patch)]
            answers += [client.post(address, wish), client.delete(address)]
            codes = [answer.status_code for answer in answers]
            if set(codes) - {401, 404, 405} or (who == "administrator" and 401 in codes):
                leaks.append(f"{who} got {codes} from {address}")
    assert leaks == []
    assert contents(secrets) == before


@everywhere
def test_it_is_there_for_its_own_administrator(area: str, sunny: Company, secrets: Belongings) -> None:
    """Else the tests above would prove nothing."""
    client = people_of(sunny, area)["administrator"]
    missing = []
    for template in filter(AREAS[area], OF_RECORDS):
        answer = client.get(filled(template, secrets), follow=True)
        code, way = answer.status_code, [address for address, _code in answer.redirect_chain]
        refused = not (200 <= code < 300 or code == 405) or any("login" in address for address in way)
        if refused and not _is_undeletable(template):
            missing.append(f"{code} from {template} by {way}")
    assert missing == []


def _is_undeletable(template: str) -> bool:
    page: Any = admin.site._registry.get(about(template))  # type: ignore[arg-type]
    return template.startswith("/admin/") and template.endswith("/delete/") and not page.may_delete


@everywhere
def test_lists_show_nothing_of_another_organisation(
    area: str, kestrel: Company, secrets: Belongings, strangers: dict[str, Client]
) -> None:
    leaks = []
    for template in filter(AREAS[area], OF_NOBODY):
        address = filled(template, secrets)
        for who, client in (people_of(kestrel, area) | strangers).items():
            for query in ("", *QUERIES) if who == "administrator" else ("",):
                answer = client.get(address + query)
                if answer.status_code >= 500 or telltales(answer):
                    leaks.append(f"{who} got {answer.status_code} from {address}{query} {telltales(answer)}")
    assert leaks == []


@everywhere
def test_nothing_of_another_organisation_is_reached_by_naming_it(
    area: str, kestrel: Company, secrets: Belongings
) -> None:
    before, leaks = contents(secrets), []
    wish = {"organisation": "sunny", **{str(model._meta.model_name): row.pk for model, row in secrets.items()}}
    for template in filter(AREAS[area], OF_NOBODY):
        client = people_of(kestrel, area)["administrator"]
        for content_type in ({}, {"content_type": "application/json"}):
            answer = client.post(filled(template, secrets), wish, **content_type)
            if answer.status_code >= 500 or telltales(answer):
                leaks.append(f"{answer.status_code} from {template} {telltales(answer)}")
    assert leaks == []
    assert contents(secrets) == before
    assert SyncRun._base_manager.filter(connection=secrets[Connection]).count() == 1


@everywhere
def test_without_signing_in_there_is_only_the_door(area: str, secrets: Belongings) -> None:
    before, leaks = contents(secrets), []
    for template in filter(AREAS[area], ADDRESSES):
        for act in (Client().get, Client().post):
            answer = act(filled(template, secrets))
            if not _is_the_door(template, answer) or telltales(answer):
                leaks.append(f"{answer.status_code} from {template} {telltales(answer)}")
    assert leaks == []
    assert contents(secrets) == before


def _is_the_door(template: str, answer: Any) -> bool:
    if template in NOWHERE:
        return bool(answer.status_code == 404)
    if template.startswith(PUBLIC):
        return bool(answer.status_code < 500)
    if template.startswith("/api/"):
        return bool(answer.status_code == 401)
    # The administration's own door leads on to the one of all.
    return bool(answer.status_code == 302) and answer["Location"].startswith(("/accounts/login/", "/admin/login/"))


def test_address_that_nobody_knows_how_to_fill_is_a_failure() -> None:
    with pytest.raises(Unknown, match=r"Nobody knows how to fill /reports/<pk>/"):
        about("/reports/<pk>/")
    with pytest.raises(Unknown, match=r"/projects/<pk>/files/<file>/"):
        about("/projects/<pk>/files/<file>/")


def test_the_walk_goes_everywhere() -> None:
    """A walk that lost its way would pass."""
    assert {"/", "/connections/<pk>/", "/projects/<pk>/", "/api/v1/projects/<pk>/"} <= set(ADDRESSES)
    assert "/admin/portal/connection/<object_id>/change/" in OF_RECORDS
    assert [template for template in OF_NOBODY if template.startswith("/admin/portal/payload/")]
    assert all(sum(holds(template) for holds in AREAS.values()) == 1 for template in ADDRESSES)
