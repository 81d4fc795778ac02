"""The portal knows its address, so that it can write links."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.conftest import Company, signed_in
from tests.projects.team.post import BASE


@pytest.fixture(autouse=True)
def own_address(settings: Any) -> None:
    """What links in mails begin with."""
    settings.PORTAL_BASE_URL = BASE


@pytest.fixture
def ada(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])
