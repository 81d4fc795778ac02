"""Three customers with their projects, and people who look for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from projects.models import Contact, Project
from projects.services.search import planning
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best is looked for to the end, however slow the machine is; where giving up is the subject there are many."""
    if "many" not in request.fixturenames:
        monkeypatch.setattr(planning, "GIVE_UP_MS", 20_000)


@dataclass
class Roof:
    """A customer and their project."""

    contact: Contact
    project: Project


def make_roof(company: Company, name: str, street: str, phone: str = "", days_ago: int = 0, **columns: object) -> Roof:
    """A project as a sync stores it: `search_text` holds the contact, too, phones also as digits."""
    first, _, family = name.rpartition(" ")
    mail = f"{name.replace(' ', '.')}@example.com".lower()
    contact = make_contact(
        company.connection, display=name, first_name=first, family_name=family, email=mail, phone=phone
    )
    digits = "".join(filter(str.isdigit, phone))
    text = " ".join([f"{name} solar", street, name, first, family, mail, phone, digits]).lower()
    project = make_project(
        company.connection,
        (contact,),
        title=f"{name} solar",
        address=street,
        search_text=text,
        modified_date=NOON - timedelta(days=days_ago),
        **columns,
    )
    return Roof(contact, project)


@pytest.fixture
def grace(sunny: Company) -> Client:
    """A salesperson's browser."""
    return signed_in(sunny.people["sales"])


@pytest.fixture
def becquerel(sunny: Company) -> Roof:
    return make_roof(sunny, "Edmond Becquerel", "4 Main St, Fakesville", "+61 400 111 222")


@pytest.fixture
def curie(sunny: Company) -> Roof:
    return make_roof(sunny, "Marie Curie", "12 Radium Road", "(02) 9999 0000", assigned_site_inspector_role_ref=13)
