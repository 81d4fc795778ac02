"""Fills a PostgreSQL database with mirrored projects without a sync: reading is what is measured on it."""

from __future__ import annotations

from typing import Any

RARE = "xylograph"
NOW = "timestamptz '2026-11-20 12:00:00+00'"


def measure(projects: int) -> dict[str, Any]:
    """Projects with contacts, roles, systems and bodies; a token of an administrator; one project with a rare word."""
    import django

    django.setup()
    from django.db import connection as database
    from django_scopes import scopes_disabled

    from portal.models import ApiToken, Kind, Membership, Organisation, User

    for model, values, series in _tables(projects):
        with database.cursor() as cursor:
            cursor.execute(_insert(model, values, series))
    _bodies(projects)
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    with scopes_disabled():
        organisation = Organisation.objects.get()
        user = User.objects.create_user("marie.curie@example.com", None)
        Membership.objects.create(organisation=organisation, user=user, given_kind=Kind.ADMINISTRATOR)
        _, token = ApiToken.objects.create(user=user, organisation=organisation)
    return {"token": str(token), "sql": _first_page()}


def _tables(projects: int) -> list[tuple[Any, dict[str, str], str]]:
    from projects.models import Contact, Project, ProjectContact, Role, System

    person = "'Niels Bohr ' || i"
    every_fourth = f"(SELECT i, 0 AS k FROM generate_series(1, {projects}) i UNION ALL"
    every_fourth += f" SELECT i, 1 FROM generate_series(4, {projects}, 4) i) s"
    every_third = every_fourth.replace("generate_series(4", "generate_series(3").replace(", 4) i", ", 3) i")
    assigned = {f"assigned_{name}role_ref": "100 + i % 20" for name in ("", "salesperson_", "designer_")}
    project = {
        "opensolar_id": "1000000 + i",
        "identifier": "'6ab6a60d-1a4d-4374-88af-' || i",
        "title": f"CASE WHEN i = {projects // 2} THEN '{RARE}' ELSE i % 240 || ' Prism Road' END",
        "address": "i % 240 || ' Prism Road, Newcastle NSW 2300'",
        "locality": "'Newcastle'",
        "state": "'NSW'",
        "zip": "'2300'",
        "country_iso2": "'AU'",
        "lat": "-33.8",
        "lon": "151.2",
        "timezone_offset": "11",
        "stage": "i % 5",
        "notes": "'Meter box on the north wall, needs a longer cable.'",
        "created_date": f"{NOW} - i * interval '1 minute'",
        "modified_date": f"{NOW} - i * interval '30 seconds'",
        "search_text": (
            f"lower(CASE WHEN i = {projects // 2} THEN '{RARE} ' ELSE '' END || i % 240 || ' prism road newcastle nsw"
            " 2300 niels bohr ' || i || ' person' || i || '@example.com +61 4' || i)"
        ),
        **assigned,
    }
    contact = {"display": person, "email": "'person' || i || '@example.com'", "phone": "'+61 4' || i"}
    return [
        (Role, {"opensolar_id": "100 + i", "display": "'Nikola Tesla ' || i"}, "generate_series(0, 19) i"),
        (Contact, {"opensolar_id": "1000000 + i + k * 4000000", **contact}, every_fourth),
        (Project, project, f"generate_series(1, {projects}) i"),
        (
            ProjectContact,
            {"project_ref": "1000000 + i", "contact_ref": "1000000 + i + k * 4000000", "position": "k"},
            every_fourth,
        ),
        (
            System,
            {"opensolar_id": "1000000 + i + k * 4000000", "project_ref": "1000000 + i", "kw_stc": "6.21"},
            every_third,
        ),
    ]


def _insert(model: Any, values: dict[str, str], series: str) -> str:
    """INSERT … SELECT over a series `i`; what is not given is null or the model's own default."""
    own = {"organisation_id": "1", "connection_id": "1", "synced_at": NOW, "changed_at": NOW, "requested_at": NOW}
    cells = {}
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        default = (
            "NULL"
            if field.null
            else {"TextField": "''", "BooleanField": "false", "JSONField": "'[]'"}.get(field.get_internal_type(), "0")
        )
        cells[field.column] = values.get(field.attname) or own.get(field.attname) or default
    columns = ", ".join(f'"{column}"' for column in cells)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(cells.values())} FROM {series}'


def _bodies(projects: int) -> None:
    from django.db import connection as database

    from tests.bench.vendor.sample import project

    before, _, after = project(0, 1).decode().partition("1000000")
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portal_payload (connection_id, resource, vendor_id, shape, digest, requested_at, body)"
            f" SELECT 1, 'projects', 1000000 + i, 'detail', '\\x00'::bytea, {NOW}, %s || (1000000 + i) || %s"
            f" FROM generate_series(1, {projects}) i",
            [before, after],
        )


def _first_page() -> str:
    """What the API's first page of fifty holds, as one query."""
    from projects.api.projects import ASSIGNED, CONTACT, PROJECTS

    plain = [f'p."{path}" AS "{key}"' for key, path in PROJECTS.columns.items()]
    people = [f"(SELECT j FROM roles WHERE c = p.connection_id AND n = p.{ref}) AS {name}" for name, ref in ASSIGNED]
    contacts = (
        f"(SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (SELECT {', '.join(f'c.{name}' for name in CONTACT)}"
        " FROM projects_projectcontact l JOIN projects_contact c ON c.connection_id = l.connection_id"
        " AND c.opensolar_id = l.contact_ref WHERE l.connection_id = p.connection_id AND l.project_ref = p.opensolar_id"
        " AND c.removed_at IS NULL AND c.withheld_at IS NULL ORDER BY l.position, l.id) x) AS contacts"
    )
    systems = (
        "(SELECT coalesce(json_agg(s.id ORDER BY s.order, s.id), '[]') FROM projects_system s"
        " WHERE s.connection_id = p.connection_id AND s.project_ref = p.opensolar_id"
        " AND s.removed_at IS NULL AND s.withheld_at IS NULL) AS systems"
    )
    return (
        "WITH roles AS MATERIALIZED (SELECT connection_id AS c, opensolar_id AS n,"
        " json_build_object('id', id, 'opensolar_id', opensolar_id, 'display', display) AS j FROM projects_role)"
        f" SELECT json_agg(row_to_json(r))::text FROM (SELECT {', '.join([*plain, *people, contacts, systems])}"
        " FROM projects_project p WHERE p.organisation_id = 1 AND p.removed_at IS NULL AND p.withheld_at IS NULL"
        " ORDER BY p.id LIMIT 50) r"
    )
