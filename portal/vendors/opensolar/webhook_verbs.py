"""OpenSolar's webhooks as verbs: what is registered, registering, changing, and OpenSolar's own delivery log."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from portal.lib.answer import Answer
from portal.lib.errors import MethodNotAllowed, NotFound, Refused, TransientError, VendorError
from portal.vendors.opensolar.resources import object_of, rows_of
from portal.vendors.opensolar.values import id_of
from portal.vendors.opensolar.webhooks import moment_of

# A shorter first page is all there is; nothing documents how long a page is.
SURELY_WHOLE = 10
MOST_PAGES = 40


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook as OpenSolar lists it. `headers` is None where the list does not show them (which is not known)."""

    id: int
    endpoint: str
    enabled: bool
    trigger_fields: Sequence[str] | None
    payload_fields: Sequence[str] | None
    headers: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of OpenSolar's delivery log."""

    id: int
    webhook: int | None
    successful: bool | None
    model: str
    model_id: int | None
    event: str
    event_id: int | None
    event_at: datetime | None
    notes: str
    created_at: datetime | None


class WebhookVerbs:
    """One organisation's webhooks. All verbs raise the error family; none but `create` does harm when it runs twice."""

    def __init__(self, send: Callable[..., Answer], org_path: str) -> None:
        self._send = send
        self._path = f"{org_path}webhooks/"
        self._log_path = f"{org_path}webhook_process_logs/"

    def registered(self) -> list[Registered]:
        """Everything registered for the organisation, by us or by others."""
        return [found for found in map(_registered, rows_of(self._send("GET", self._path))) if found]

    def create(
        self,
        *,
        endpoint: str,
        headers: Mapping[str, str],
        trigger_fields: Iterable[str],
        payload_fields: Iterable[str],
    ) -> int | None:
        """Registers a webhook, switched on; its number, None where the answer does not tell it.

        Not repeated after a failure: a second one would deliver everything twice. List them first.
        """
        body = {
            "endpoint": endpoint,
            "headers": _as_text(headers),
            "enabled": True,
            "debug": False,
            "trigger_fields": list(trigger_fields),
            "payload_fields": list(payload_fields),
        }
        return id_of(object_of(self._send("POST", self._path, json=body)))

    def update(self, number: int, **changes: Any) -> None:
        """Changes what is given: `endpoint`, `headers` (a mapping), `enabled`, `trigger_fields`, `payload_fields`."""
        body: dict[str, Any] = {
            name: [*value] if isinstance(value, tuple) else value for name, value in changes.items()
        }
        if "headers" in body:
            body["headers"] = _as_text(body["headers"])
        self._send("PATCH", f"{self._path}{number:d}/", json=body, repeatable=True, expect_json=False)

    def log(self) -> list[LogRow]:
        """The delivery log, as far back as OpenSolar shows it, in its order; rows that cannot be told apart left out.

        The page behind the end is a 500, so an empty log is one too: then the same log as CSV says whether it is empty.
        """
        rows, number = self._first_page(), 1
        found = list(rows)
        while len(rows) >= SURELY_WHOLE and number < MOST_PAGES:
            number += 1
            following = self._page(number)
            if not following or following == rows:
                break
            found += following
            rows = following
        return [line for line in map(_log_row, found) if line]

    def log_csv(self) -> list[dict[str, Any]]:
        """The same log in its other form: rows by the names in its first line."""
        answer = self._send(
            "GET",
            self._log_path,
            params={"format": "csv"},
            headers={"Accept": "text/csv, */*"},
            expect_json=False,
        )
        return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig", errors="replace"))))

    def _first_page(self) -> list[Any]:
        try:
            return rows_of(self._send("GET", self._log_path, retry_limits={500: 0}))
        except TransientError as error:
            if error.status != 500:
                raise
        return self.log_csv()

    def _page(self, number: int) -> list[Any]:
        """None behind the end, and where the log has no pages."""
        try:
            return rows_of(self._send("GET", self._log_path, params={"page": number}, retry_limits={500: 0}))
        except (NotFound, Refused, MethodNotAllowed):
            return []
        except VendorError as error:
            if error.status != 500:
                raise
            return []


def _as_text(headers: Mapping[str, str]) -> str:
    """Document 000 puts JSON in a text here."""
    return orjson.dumps(dict(headers)).decode()


def _registered(row: Any) -> Registered | None:
    number = id_of(row) if isinstance(row, dict) else None
    if number is None:
        return None
    return Registered(
        id=number,
        endpoint=str(row.get("endpoint") or ""),
        enabled=row.get("enabled") is not False,
        trigger_fields=_names(row.get("trigger_fields")),
        payload_fields=_names(row.get("payload_fields")),
        headers=_headers(row.get("headers")),
    )


def _names(value: Any) -> list[str] | None:
    """The list, also from within a text; None for null."""
    if isinstance(value, str):
        value = _decoded(value)
    return [str(name) for name in value] if isinstance(value, list) else None


def _headers(value: Any) -> dict[str, str] | None:
    if isinstance(value, str):
        value = _decoded(value)
    return {str(name): str(text) for name, text in value.items()} if isinstance(value, dict) else None


def _decoded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _log_row(row: Any) -> LogRow | None:
    number = id_of(row) if isinstance(row, dict) else None
    if number is None and isinstance(row, dict):
        number = id_of(str(row.get("id") or ""))
    if number is None:
        return None
    return LogRow(
        id=number,
        webhook=id_of(row.get("webhook")),
        successful=_yes(row.get("successful")),
        model=str(row.get("model_name") or ""),
        model_id=id_of(row.get("model_pk")),
        event=str(row.get("event_name") or ""),
        event_id=id_of(row.get("event_id")),
        event_at=moment_of(row.get("event_timestamp")),
        notes=str(row.get("notes") or ""),
        created_at=moment_of(row.get("created_date")),
    )


def _yes(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())
