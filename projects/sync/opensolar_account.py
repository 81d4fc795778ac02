"""How OpenSolar's own record of the organisation is read and written: it is neither made nor deleted here."""

from __future__ import annotations

from typing import Any, NoReturn

from portal.lib.errors import PermanentError
from portal.sync.gate import Gate
from portal.sync.source import Key, Parsed, Record, Resource
from portal.sync.writing import Values, Writer
from portal.vendors.opensolar import price_fields
from portal.vendors.opensolar.price_fields import FIELDS
from projects.models import Account
from projects.sync.reading import fitted, key_of

ACCOUNT = "org"


def fetch_account(gate: Gate, key: Key = "") -> Record:
    """The connected organisation; a connection knows no other."""
    record: Record = gate.client.org()
    return record


def parse(record: Record, shape: str) -> Parsed:
    """Its name; of what else OpenSolar sends no document says what it is."""
    return Parsed(fitted(Account, {"opensolar_id": key_of(record), "name": record.get("name")}))


def _change(gate: Gate, key: Key, values: Values, record: Record) -> None:
    gate.client.catalogue.update_org(price_fields.body(FIELDS[ACCOUNT], values, record, gate.client.names_itself))


def _never(*_given: Any) -> NoReturn:
    raise PermanentError("OpenSolar's organisation is neither made nor deleted here.")


RESOURCE = Resource(
    name=ACCOUNT,
    model=Account,
    fetch=fetch_account,
    key_of=key_of,
    parse=parse,
)
WRITER = Writer(
    create=_never,
    change=_change,
    delete=_never,
    plain=lambda record: price_fields.plain(FIELDS[ACCOUNT], record),
    find=_never,
    columns={"name": "name"},
)
