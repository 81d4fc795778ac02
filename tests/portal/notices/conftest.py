"""Telling people of the company something, and the worker's turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings
from django_scopes import scopes_disabled

from portal.models import Notification, Topic
from portal.services.notices import tell
from portal.tasks import notify
from tests.conftest import Company

Told = Callable[..., None]


@pytest.fixture(autouse=True)
def address() -> Iterator[None]:
    """The portal knows where it can be reached."""
    with override_settings(PORTAL_BASE_URL="https://portal.example.com"):
        yield


@pytest.fixture
def told(sunny: Company) -> Told:
    """Tells people, by their kind, of an occasion."""

    def say(*who: str, key: str = "k", topic: str = Topic.CONNECTION, title: str = "Needs you", **more: Any) -> None:
        people = [sunny.membership(kind) for kind in who]
        tell(sunny.organisation, topic, key, title, more.get("text", ""), more.get("url", "/connections/"), to=people)

    return say


@pytest.fixture
def turn() -> Callable[[], None]:
    """What beat makes the worker do every 15 seconds."""
    return notify


def notices(**which: Any) -> list[Notification]:
    """Everything that anybody was told, oldest first."""
    with scopes_disabled():
        return list(Notification.objects.filter(**which).order_by("pk"))
