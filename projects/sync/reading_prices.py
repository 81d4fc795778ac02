"""Reads OpenSolar's price book and component catalogue into columns of our models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.sync.source import Parsed, Record
from portal.vendors.opensolar import prices
from projects.models import ComponentKind, Costing, ModuleActivation, PaymentOption, PricingScheme
from projects.sync.reading import fitted, key_of, read_as


def parse_scheme(record: Record, shape: str) -> Parsed:
    """A pricing scheme."""
    read = read_as(prices.PricingScheme, record)
    return Parsed(fitted(PricingScheme, read.columns()), read.modified_date)


def parse_payment_option(record: Record, shape: str) -> Parsed:
    """A payment option."""
    read = read_as(prices.PaymentOption, record)
    return Parsed(fitted(PaymentOption, read.columns()), read.modified_date)


def parse_costing(record: Record, shape: str) -> Parsed:
    """A costing."""
    read = read_as(prices.Costing, record)
    return Parsed(fitted(Costing, read.columns()), read.modified_date)


def component_key_of(kind: ComponentKind) -> Callable[[Any], str]:
    """Kind and number: the four lists count their numbers each for itself."""
    return lambda record: f"{kind.value}:{key_of(record)}"


def number_in(key: int | str) -> int:
    """OpenSolar's number in such a key."""
    return int(str(key).rpartition(":")[2])


def parse_component(kind: ComponentKind) -> Callable[[Record, str], Parsed]:
    """A component of this kind."""

    def parse(record: Record, shape: str) -> Parsed:
        columns = read_as(prices.Activation, record).columns()
        # All kinds share their columns.
        return Parsed({**fitted(ModuleActivation, columns), "kind": kind.value})

    return parse
