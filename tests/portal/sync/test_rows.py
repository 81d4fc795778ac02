"""Every way of inserting many rows puts down the same: whatever the values, whichever the columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.models import Payload
from portal.sync.rows import WORTH_IT, bulk_insert, copy_in, insert, insert_each, learn_sizes
from projects.models import Project, ProjectContact, System
from tests.conftest import Company

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ODD = (
    "",
    "\\",
    "\\N",
    "\\.",
    "\\\\N",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\x0b\x7f",
    "NULL",
    "null",
    "é☀️\u2028",
    '"',
    "'",
    "{}",
    "%s",
)
# No database holds NUL or lone surrogates; the sync takes them out before.
texts = st.sampled_from(ODD) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
floats = st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: value == 0 or abs(value) > 1e-300)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | floats | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def amounts(digits: int, places: int) -> st.SearchStrategy[Decimal]:
    most = Decimal(10) ** (digits - places) - 1
    return st.decimals(-most, most, places=places, allow_nan=False, allow_infinity=False)


def values_of(field: Any) -> st.SearchStrategy[Any]:
    """Anything the column can hold, null where it may be."""
    kinds: list[tuple[Any, st.SearchStrategy[Any]]] = [
        (models.JSONField, st.lists(json, max_size=3)),
        (models.DecimalField, amounts(getattr(field, "max_digits", 1) or 1, getattr(field, "decimal_places", 0) or 0)),
        (models.DateTimeField, moments),
        (models.DateField, st.dates(date(1900, 1, 1), date(2200, 1, 1))),
        (models.BooleanField, st.booleans()),
        (models.FloatField, floats),
        (models.PositiveSmallIntegerField, st.integers(0, 2**15 - 1)),
        (models.BigIntegerField, st.integers(-(2**63), 2**63 - 1)),
        (models.IntegerField, st.integers(-(2**31), 2**31 - 1)),
        (models.BinaryField, st.binary(max_size=16)),
        (models.CharField, texts.map(lambda text: text[: field.max_length])),
        (models.TextField, texts),
    ]
    found = next(strategy for kind, strategy in kinds if isinstance(field, kind))
    return st.none() | found if field.null else found


def columns_of(model: type[models.Model]) -> dict[str, Any]:
    """The columns of a row but for its id and whose it is."""
    owners = ("organisation_id", "connection_id")
    return {f.attname: f for f in model._meta.concrete_fields if not f.primary_key and f.attname not in owners}


def rows_of(model: type[models.Model]) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {name: values_of(field) for name, field in columns_of(model).items()}
    return st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4)


def quick_ways() -> list[Callable[..., None]]:
    """What this database offers beside Django's own INSERT."""
    return [copy_in] if database.vendor == "postgresql" else [insert_each]


def stored(way: Callable[..., None], company: Company, model: type[models.Model], rows: list[dict[str, Any]]) -> Any:
    """What Django reads after `way` has inserted the rows, or the kind of error; nothing stays."""
    owner = {"connection_id": company.connection.pk}
    if any(f.attname == "organisation_id" for f in model._meta.concrete_fields):
        owner["organisation_id"] = company.organisation.pk
    names = [*owner, *columns_of(model)]
    whole = [{**owner, **row} for row in rows]
    try:
        with transaction.atomic():
            way(model, names, [[row[name] for name in names] for row in whole])
            found = [list(model._base_manager.order_by("pk").values(*names)), as_it_lies(model, names)]
            transaction.set_rollback(True)
    except DatabaseError as error:
        return type(error)
    return found


def as_it_lies(model: type[models.Model], names: list[str]) -> Any:
    """The cells as the database gives them to anybody; of JSON it may keep spaces, which say nothing."""
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    plain = [by_name[name].column for name in names if not isinstance(by_name[name], models.JSONField)]
    columns = ", ".join(f'CAST("{column}" AS text)' for column in plain)
    with database.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" ORDER BY id')
        return [list(row) for row in cursor.fetchall()]


def same(one: Any, other: Any) -> bool:
    """Equal, also in type: true is not 1, and 1.0 is not 1."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, memoryview | bytes) and isinstance(other, memoryview | bytes):
        return bytes(one) == bytes(other)
    return type(one) is type(other) and bool(one == other)


@pytest.mark.parametrize("model", [Project, System, ProjectContact, Payload])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_all_ways_put_down_the_same_rows(sunny: Company, model: type[models.Model], data: st.DataObject) -> None:
    rows = data.draw(rows_of(model))
    expected = stored(bulk_insert, sunny, model, rows)
    for way in quick_ways():
        found = stored(way, sunny, model, rows)
        assert same(found, expected), way


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=texts, inside=texts)
@example(text="\\N", inside="\\N")
@example(text="\\.", inside="\\.\n\\.")
def test_text_arrives_as_it_was(sunny: Company, text: str, inside: str) -> None:
    row = {
        "project_ref": 1,
        "opensolar_id": 1,
        "name": text,
        "uuid": inside,
        "modules": [{text: inside}],
        "synced_at": NOON,
        "changed_at": NOON,
        "requested_at": NOON,
    }
    blank = {name: field.get_default() for name, field in columns_of(System).items()}
    for way in (bulk_insert, *quick_ways()):
        ((found,), _) = stored(way, sunny, System, [{**blank, **row}])
        assert (found["name"], found["uuid"], found["modules"]) == (text, inside, [{text: inside}])


def link(company: Company, number: int) -> list[Any]:
    return [company.organisation.pk, company.connection.pk, number, 1, 0]


@pytest.mark.parametrize("count", [1, WORTH_IT, 3 * WORTH_IT])
def test_insert_takes_any_number_of_rows(sunny: Company, count: int) -> None:
    names = ["organisation_id", "connection_id", "project_ref", "contact_ref", "position"]
    insert(ProjectContact, names, [link(sunny, number) for number in range(count)])
    assert ProjectContact._base_manager.count() == count


@pytest.mark.parametrize("count", [1, WORTH_IT])
def test_a_row_that_exists_is_an_error_of_the_database(sunny: Company, count: int) -> None:
    names = ["organisation_id", "connection_id", "project_ref", "contact_ref", "position"]
    rows = [link(sunny, number) for number in range(count)]
    insert(ProjectContact, names, rows)
    with pytest.raises(DatabaseError), transaction.atomic():
        insert(ProjectContact, names, rows)
    assert ProjectContact._base_manager.count() == count


def test_postgresql_looks_at_tables_that_it_knows_nothing_of(sunny: Company) -> None:
    names = ["organisation_id", "connection_id", "project_ref", "contact_ref", "position"]
    insert(ProjectContact, names, [link(sunny, number) for number in range(500)])
    with CaptureQueriesContext(database) as captured:
        learn_sizes()
    looked_at = [query["sql"] for query in captured if query["sql"].startswith("ANALYZE")]
    assert len(looked_at) == (database.vendor == "postgresql")
    assert all("projects_projectcontact" in sql for sql in looked_at)
