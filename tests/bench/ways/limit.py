"""The limit: written for this one kind of row, straight from the page into COPY; no checks, no resuming, no progress.

It does the same work as a sync: reads the stored digests of each page, digests each record, strips what is secret in
this sample, and writes the same columns into the same tables with the same indexes.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
import psycopg

from tests.bench.ways.fetch import READING, pages

MAPPING = READING.to_bytes(2, "big")
TEXTS = (
    "identifier", "title", "business_name", "address", "locality", "state", "zip", "county", "country_iso2",
    "country_name", "lead_source", "notes",
)  # fmt: skip
PLAIN = (
    "lat", "lon", "timezone_offset", "is_residential", "number_of_storeys", "number_of_phases", "stage", "priority",
    "usage_annual_or_guess", "sold_date", "contract_date", "installation_date", "valid_until_date", "created_date",
    "modified_date",
)  # fmt: skip
REFS = (
    "roof_type", "assigned_role", "assigned_salesperson_role", "assigned_designer_role", "assigned_site_inspector_role",
    "assigned_installer_role", "system_sold",
)  # fmt: skip
REF_COLUMNS = ("roof_type_id", *(f"{name}_ref" for name in REFS[1:]))
OWN = ("organisation_id", "connection_id", "synced_at", "changed_at", "requested_at")
OWN_COLUMNS = (*OWN, "opensolar_id", "is_sold", "active_stage_id", "search_text")
PROJECT = ", ".join(f'"{name}"' for name in (*OWN_COLUMNS, *TEXTS, *PLAIN, *REF_COLUMNS))
BODY = "connection_id, resource, vendor_id, shape, digest, requested_at, body"
LINK = "organisation_id, connection_id, project_ref, contact_ref, position"
SEARCHED = ("title", "business_name", "address", "locality", "state", "zip", "identifier")
KNOWN = (
    "SELECT vendor_id, digest FROM portal_payload WHERE connection_id = %s AND resource = 'projects'"
    " AND shape = 'detail' AND vendor_id = ANY(%s)"
)


def measure(base_url: str, page_size: int = 100) -> dict[str, Any]:
    """Seconds of a first sync, one transaction a page."""
    # psycopg takes Django's name of the scheme as well.
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        # A sync of ours need not wait for the disk either.
        database.execute("SET synchronous_commit = off")
        (owner,) = database.execute("SELECT organisation_id, id FROM portal_connection").fetchall()
        database.commit()
        began, cpu = time.perf_counter(), time.process_time()
        records = 0
        for rows in pages(base_url, page_size):
            _store(database, owner, rows)
            database.commit()
            records += len(rows)
            if records == page_size * 10:
                database.execute("ANALYZE portal_payload, projects_project, projects_projectcontact")
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, "records": records}


def _store(database: psycopg.Connection[Any], owner: tuple[int, int], rows: list[dict[str, Any]]) -> None:
    digests = [_half(orjson.dumps(row)) for row in rows]
    known = dict(database.execute(KNOWN, [owner[1], [str(row["id"]) for row in rows]]).fetchall())
    new = [
        (row, digest + _half(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)))
        for row, digest in zip(rows, digests, strict=True)
        if known.get(str(row["id"]), b"")[:8] != digest
    ]
    now = datetime.now(UTC).isoformat()
    books = (*owner, now, now, now)
    _copy(database, f"projects_project ({PROJECT})", [(*books, *_project(row)) for row, _ in new])
    _copy(database, f"projects_projectcontact ({LINK})", _links(owner, new))
    bodies = []
    for row, digest in new:
        _strip(row)
        body = orjson.dumps(row).decode()
        bodies.append((owner[1], "projects", str(row["id"]), "detail", "\\x" + digest.hex(), now, body))
    _copy(database, f"portal_payload ({BODY})", bodies)


def _half(body: bytes) -> bytes:
    return sha256(MAPPING + body, usedforsecurity=False).digest()[:8]


def _links(owner: tuple[int, int], new: list[Any]) -> list[tuple[Any, ...]]:
    return [
        (*owner, row["id"], _number(url), position) for row, _ in new for position, url in enumerate(row["contacts"])
    ]


def _copy(database: psycopg.Connection[Any], target: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with database.cursor().copy(f"COPY {target} FROM STDIN") as copy:
            copy.write("".join("\t".join(map(_cell, row)) + "\n" for row in rows))


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    text = value if type(value) is str else str(value)
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text


def _project(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["id"],
        bool(row["project_sold"] or row["system_sold"] or row["sold_date"]) or row["stage"] in (2, 3),
        row["workflow"]["active_stage_id"],
        _search_text(row),
        *(row[name] or "" for name in TEXTS),
        *(row[name] for name in PLAIN),
        *(_number(row[name]) for name in REFS),
    )


def _search_text(row: dict[str, Any]) -> str:
    words = [row[name].lower() for name in SEARCHED if row[name]]
    found: dict[str, None] = {}
    for contact in row["contacts_data"]:
        for key in ("display", "first_name", "family_name", "email", "phone"):
            found[contact[key].strip().lower()] = None
        found["".join(filter(str.isdigit, contact["phone"]))] = None
    return " ".join([*words, *found])


def _number(url: str | None) -> int | None:
    return int(url.rstrip("/").rpartition("/")[2]) if url else None


def _strip(row: dict[str, Any]) -> None:
    del row["share_link"], row["assigned_role_data"]["api_key_chat"]
    for contact in row["contacts_data"]:
        del contact["date_of_birth"]
