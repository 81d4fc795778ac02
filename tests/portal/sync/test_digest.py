"""What counts as changed: content, at any depth; not the order of keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django_scopes import scopes_disabled

from portal.registry import registry
from portal.sync.source import Resource
from portal.sync.upsert import upsert
from tests.conftest import Company

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAMES = {"first_name": "Chien-Shiung", "family_name": "Wu"}
RECORD = {"id": 7, **NAMES, "more": {"a": [1, {"b": 2, "c": None}], "d": "é"}}
REORDERED = {
    "more": {"d": "é", "a": [1, {"c": None, "b": 2}]},
    "family_name": "Wu",
    "first_name": "Chien-Shiung",
    "id": 7,
}


@pytest.fixture(autouse=True)
def everything_visible() -> Any:
    with scopes_disabled():
        yield


@pytest.fixture
def contacts() -> Resource:
    return registry.source("opensolar").resource("contacts")


def outcome(sunny: Company, resource: Resource, record: Any) -> str:
    """What an upsert did with the record, in one word."""
    (word,) = (+upsert(sunny.connection, resource, [record], requested_at=NOON)).keys()
    return word


def test_order_of_keys_is_no_change_at_any_depth(sunny: Company, contacts: Resource) -> None:
    assert outcome(sunny, contacts, RECORD) == "created"
    assert outcome(sunny, contacts, RECORD) == "unchanged"
    assert outcome(sunny, contacts, REORDERED) == "unchanged"


@pytest.mark.parametrize("more", [{"a": [{"b": 2, "c": None}, 1], "d": "é"}, {"a": [1, {"b": 2}], "d": "é"}, None])
def test_any_other_difference_is_a_change(sunny: Company, contacts: Resource, more: Any) -> None:
    outcome(sunny, contacts, RECORD)
    assert outcome(sunny, contacts, {**RECORD, "more": more}) == "updated"
    assert outcome(sunny, contacts, RECORD) == "updated"


def test_a_new_mapping_reads_everything_again(sunny: Company, contacts: Resource) -> None:
    outcome(sunny, contacts, RECORD)
    assert outcome(sunny, replace(contacts, mapping=contacts.mapping + 1), RECORD) == "updated"
