"""The clock stands at noon, when the rows of the factories were written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories import NOON


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Relative times can be read literally."""
    with time_machine.travel(NOON, tick=False):
        yield
