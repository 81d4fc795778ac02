"""Mirrored rows made directly, for tests whose subject is not the sync."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_scopes import scopes_disabled

from portal.models import Connection, Payload
from projects.models import (
    Contact,
    Event,
    PrivateFile,
    Project,
    ProjectContact,
    Proposal,
    Role,
    SoldPromise,
    System,
    SystemPicture,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1000)


def next_number() -> int:
    """A number that no record has yet."""
    return next(_numbers)


def _books(connection: Connection) -> dict[str, Any]:
    return {
        "organisation_id": connection.organisation_id,
        "connection": connection,
        "synced_at": NOON,
        "changed_at": NOON,
        "requested_at": NOON,
    }


def make_role(connection: Connection, **columns: Any) -> Role:
    """A member of the team."""
    columns.setdefault("opensolar_id", next(_numbers))
    with scopes_disabled():
        return Role.objects.create(**_books(connection), **columns)


def make_contact(connection: Connection, **columns: Any) -> Contact:
    """A customer."""
    number = columns.setdefault("opensolar_id", next(_numbers))
    columns = {"display": f"Edmond Becquerel {number}", "phone": "+61 400 000 000", **columns}
    with scopes_disabled():
        return Contact.objects.create(**_books(connection), **columns)


def make_project(connection: Connection, contacts: tuple[Contact, ...] = (), **columns: Any) -> Project:
    """A project, with its contacts linked in order."""
    number = columns.setdefault("opensolar_id", next(_numbers))
    columns = {
        "title": f"Roof {number}",
        "address": f"{number} Main St",
        "country_iso2": "AU",
        "stage": 0,
        "timezone_offset": 11.0,
        "modified_date": NOON,
        "created_date": NOON,
        **columns,
    }
    columns.setdefault("search_text", f"{columns['title']} {columns['address']}".lower())
    with scopes_disabled():
        project = Project.objects.create(**_books(connection), **columns)
        for position, contact in enumerate(contacts):
            ProjectContact.objects.create(
                organisation_id=connection.organisation_id,
                connection=connection,
                project_ref=number,
                contact_ref=contact.opensolar_id,
                position=position,
            )
        Payload.objects.create(
            connection=connection,
            resource="projects",
            vendor_id=str(number),
            shape="detail",
            digest=b"x" * 16,
            requested_at=NOON,
            body=f'{{"id": {number}}}',
        )
    return project


def make_system(project: Project, **columns: Any) -> System:
    """A system option of a project."""
    columns.setdefault("opensolar_id", next(_numbers))
    columns = {
        "name": "Option",
        "kw_stc": Decimal("8.400"),
        "price_including_tax": Decimal("24900.00"),
        "price_excluding_tax": Decimal("22636.36"),
        "net_profit": Decimal("4100.00"),
        "output_annual_kwh": 11230.0,
        "module_quantity": 18,
        "modules": [{"manufacturer_name": "LG", "code": "LG345", "quantity": 18}],
        "adders": [{"label": "Tilt", "total_value": 20.0, "total_cost": 12.5, "quantity": 1}],
        **columns,
    }
    with scopes_disabled():
        return System.objects.create(**_books(project.connection), project_ref=project.opensolar_id, **columns)


def make_proposal(project: Project, **columns: Any) -> Proposal:
    """A project's proposal, in its own language unless `language_asked` says otherwise."""
    number, language = project.opensolar_id, columns.get("language_asked", "")
    columns = {
        "currency": "AUD",
        "price": Decimal("24900.00"),
        "cost": Decimal("18536.36"),
        "payback_years": Decimal("4.20"),
        "npv": Decimal("12340.00"),
        "irr": Decimal("12.30"),
        "roi": Decimal("210.00"),
        "kw_stc": Decimal("8.400"),
        "output_annual_kwh": 11230.0,
        **columns,
    }
    with scopes_disabled():
        return Proposal.objects.create(
            **_books(project.connection),
            opensolar_id=number,
            proposal_key=f"{number}:{language}" if language else str(number),
            **columns,
        )


def make_promise(project: Project, **columns: Any) -> SoldPromise:
    """What was sold."""
    columns = {
        "system_ref": 7001,
        "system_name": "Option",
        "kw_stc": Decimal("8.400"),
        "price_including_tax": Decimal("24900.00"),
        "output_annual_kwh": 11230.0,
        "module_quantity": 18,
        "modules": [{"manufacturer_name": "LG", "code": "LG345", "quantity": 18}],
        "frozen_at": NOON,
        **columns,
    }
    with scopes_disabled():
        return SoldPromise.objects.create(
            organisation_id=project.organisation_id,
            connection=project.connection,
            project_ref=project.opensolar_id,
            **columns,
        )


def make_event(project: Project, **columns: Any) -> Event:
    """Something noted on a project."""
    columns.setdefault("opensolar_id", next(_numbers))
    columns = {"event_type_id": 28, "title": "Visit", "start": NOON, "who": "Lise Meitner", **columns}
    with scopes_disabled():
        return Event.objects.create(**_books(project.connection), project_ref=project.opensolar_id, **columns)


def make_file(project: Project, **columns: Any) -> PrivateFile:
    """A file of a project."""
    columns.setdefault("opensolar_id", next(_numbers))
    columns = {"title": "roof.jpg", "filesize": 219730, "modified_date": NOON, **columns}
    with scopes_disabled():
        return PrivateFile.objects.create(**_books(project.connection), project_ref=project.opensolar_id, **columns)


def make_picture(system: System, content: bytes = b"\xff\xd8\xff a picture", **columns: Any) -> SystemPicture:
    """The picture of a system, its files in the storage."""
    names = {size: default_storage.save(f"pictures/x-{size}.jpg", ContentFile(content)) for size in ("large", "small")}
    columns = {"width": 1200, "height": 900, "looked_at": NOON, "fetched_at": NOON, **names, **columns}
    with scopes_disabled():
        return SystemPicture.objects.create(
            organisation_id=system.organisation_id,
            connection_id=system.connection_id,
            system_ref=system.opensolar_id,
            **columns,
        )
