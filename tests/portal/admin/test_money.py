"""The Django admin as seen by administrators who may not see prices, or costs: what the pages hide is hidden here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Change, Delivery, Payload, SyncProblem
from projects.models import (
    ComponentActivation,
    Costing,
    Event,
    PaymentOption,
    PricingScheme,
    Project,
    Proposal,
    SoldPromise,
    System,
)
from tests.belongings import furnish
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_event, make_project, make_promise, make_proposal, make_system
from tests.portal.admin.test_walls import MODELS, page
from tests.price_factories import make_component, make_costing, make_payment_option, make_scheme

PRICE, COST = Decimal("81818.00"), Decimal("91919.00")
# By what is kept from a person: the figure that then stands nowhere, and the records that are then not there.
WALLS: dict[str, tuple[str, tuple[type[Model], ...]]] = {
    "prices": ("81818", (PricingScheme, PaymentOption)),
    "costs": ("91919", (Costing,)),
}
BOTH = '{"price": 81818, "cost": 91919}'
INSIDE = {"code": "Zircon", "quantity": 4, "unit_price": 81818, "cost": 91919}
Rows = dict[type[Model], Any]


def administrator_without(company: Company, *rights: str) -> Client:
    membership = company.membership("administrator")
    for right in rights:
        setattr(membership, right, False)
    membership.save()
    return signed_in(company.people["administrator"])


@pytest.fixture
def rows(sunny: Company) -> Rows:
    """A row of everything that holds money, with the same price and the same cost everywhere."""
    connection = sunny.connection
    project = make_project(connection, title="Zircon Lane")
    about = {"connection": connection, "resource": "systems", "vendor_id": "3001"}
    mine = {**about, "organisation": connection.organisation}
    with scopes_disabled():
        books: Rows = {
            Change: Change.objects.create(**mine, field="price_including_tax", before="81818", after="91919", at=NOON),
            Payload: Payload.objects.create(**about, shape="list", digest=b"z", requested_at=NOON, body=BOTH),
            SyncProblem: SyncProblem.objects.create(**about, reason="Odd.", payload=BOTH, seen_at=NOON),
            Delivery: Delivery.objects.create(**mine, verb="change", about="Zircon", state="refused", answer=BOTH),
        }
    return {
        **books,
        Project: project,
        System: make_system(
            project,
            price_including_tax=PRICE,
            price_excluding_tax=PRICE,
            discount=PRICE,
            net_profit=COST,
            modules=[INSIDE],
            others=[{**INSIDE, "price_adjustment": 81818}],
            adders=[{"label": "Tilt", "total_value": 81818, "unit_value": 81818, "total_cost": 91919, "margin": 91919}],
            incentives=[{"title": "Rebate", "value": 81818}],
        ),
        SoldPromise: make_promise(project, price_including_tax=PRICE, modules=[INSIDE]),
        Proposal: make_proposal(
            project,
            price=PRICE,
            payback_years=PRICE,
            npv=PRICE,
            irr=PRICE,
            roi=PRICE,
            cost=COST,
            options=[{"name": "Option", "price": 81818, "cost": 91919, "npv": 81818}],
        ),
        ComponentActivation: make_component(
            connection, cost=COST, price_adjustment=PRICE, data={"unit_cost": 91919, "list_price": 81818, "voc": 41.5}
        ),
        PricingScheme: make_scheme(connection, configuration={"price_per_watt": 81818, "margin": 91919}),
        PaymentOption: make_payment_option(connection, configuration={"discount": 81818, "dealer_fee": 91919}),
        Costing: make_costing(connection, figures={"labor_per_panel": 91919}),
        Event: make_event(project, event_type_id=49, title="Paid 81818"),
    }


def said_of(client: Client, row: Model) -> str:
    """What the list, the row's page and its history say; nothing where they are not there."""
    model = type(row)
    addresses = [page(model, "changelist"), page(model, "change", row.pk), page(model, "history", row.pk)]
    answers = [client.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} <= {200, 404}
    texts = [answer.content.decode() for answer in answers if answer.status_code == 200]
    return "\n".join(texts).replace(",", "")


def test_who_sees_prices_and_costs_reads_them(sunny: Company, rows: Rows) -> None:
    client = administrator_without(sunny)
    told = {model: said_of(client, row) for model, row in rows.items() if model is not Project}
    assert [model for model, text in told.items() if "81818" not in text] == [Costing]
    assert [model for model, text in told.items() if "91919" not in text] == [Event]


@pytest.mark.parametrize("right", WALLS)
def test_money_without_its_right_stands_on_no_page(sunny: Company, rows: Rows, right: str) -> None:
    client = administrator_without(sunny, right)
    figure, _walled = WALLS[right]
    assert [model for model, row in rows.items() if figure in said_of(client, row)] == []
    assert figure not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("right", WALLS)
def test_the_other_right_still_shows_its_own(sunny: Company, rows: Rows, right: str) -> None:
    client = administrator_without(sunny, right)
    other = {"prices": "91919", "costs": "81818"}[right]
    for model in (System, Proposal, ComponentActivation):
        assert other in said_of(client, rows[model]), model
    assert "Zircon" in said_of(client, rows[System])
    assert "41.5" in said_of(client, rows[ComponentActivation])


@pytest.mark.parametrize("right", WALLS)
def test_records_of_nothing_but_money_are_not_there(sunny: Company, rows: Rows, right: str) -> None:
    client = administrator_without(sunny, right)
    for model in WALLS[right][1]:
        for address in (
            page(model, "changelist"),
            *(page(model, act, rows[model].pk) for act in ("change", "history", "delete")),
        ):
            assert client.get(address).status_code == 404, address
        assert page(model, "changelist") not in client.get("/admin/").content.decode()
        assert page(model, "changelist") not in client.get("/admin/projects/").content.decode()
    assert client.get("/pricebook/").status_code == 200


def test_money_is_not_found_by_searching_for_it(sunny: Company, rows: Rows) -> None:
    client = administrator_without(sunny, "prices", "costs")
    for model, row in rows.items():
        if model not in (Costing, PricingScheme, PaymentOption):
            answer = client.get(page(model, "changelist"), {"q": "81818"})
            assert page(model, "change", row.pk) not in answer.content.decode(), model


def test_edits_of_prices_by_others_are_not_there(sunny: Company) -> None:
    about = {"organisation": sunny.organisation, "connection": sunny.connection, "resource": "costings"}
    with scopes_disabled():
        theirs = Delivery.objects.create(**about, verb="change", about="Zircon", message="labor_per_panel: 91919?")
    client = administrator_without(sunny)
    assert client.get(page(Delivery, "change", theirs.pk)).status_code == 200
    client = administrator_without(sunny, "costs")
    assert client.get(page(Delivery, "change", theirs.pk)).status_code == 404
    assert "91919" not in client.get(page(Delivery, "changelist")).content.decode()


def test_everything_else_opens_without_the_rights(sunny: Company) -> None:
    mine = furnish(sunny)
    client = administrator_without(sunny, "prices", "costs")
    walled = {model for _figure, models in WALLS.values() for model in models}
    for model in MODELS:
        there = 404 if model in walled else 200
        assert client.get(page(model, "changelist")).status_code == there, model
        assert client.get(page(model, "change", mine[model].pk)).status_code == there, model
