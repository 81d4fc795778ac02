"""What people do in these tests: make a project, edit one."""

from __future__ import annotations

from typing import Any

from django_scopes import scope

from portal.models import Delivery
from projects.models import Project
from projects.services.edits import projects as edits
from tests.portal.outbox.conftest import Office

NEW = {
    "identifier": "7001",
    "address": "9 Wharf Rd",
    "roof_type": 20,
    "assigned_role": 52,
    "contacts_new": [{"first_name": "Maria", "family_name": "Goeppert", "email": "maria@example.com", "gender": 1}],
}


def create(office: Office, **more: Any) -> Delivery:
    access = office.access()
    with scope(organisation=access.organisation):
        return edits.create_project(access, office.connection, {**NEW, **more})


def edit(office: Office, project: Project, who: str = "anna", seen: edits.Seen | None = None, **values: Any) -> Any:
    access = office.access(who)
    with scope(organisation=access.organisation):
        return edits.edit_project(access, project, values, seen)
