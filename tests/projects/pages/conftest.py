"""The clock stands at noon, when the rows of the factories were written; a salesperson sits at the browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Relative times can be read literally."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def grace(sunny: Company) -> Client:
    """A salesperson's browser: sees all projects, prices and costs."""
    return signed_in(sunny.people["sales"])


@pytest.fixture
def bare(sunny: Company) -> Project:
    """A project without dates of its own."""
    return make_project(sunny.connection, created_date=None, modified_date=None, assigned_site_inspector_role_ref=13)
