"""A contact that the vendor no longer shows to this account is named nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project


@pytest.mark.parametrize("address", ["/", "/projects/", "/projects/{pk}/", "/projects/export.csv"])
def test_withheld_contact_gives_no_project_its_name(sunny: Company, address: str) -> None:
    contact = make_contact(sunny.connection, display="Caroline Herschel", withheld_at=NOON)
    project = make_project(sunny.connection, (contact,), title="Observatory roof")
    answer: Any = signed_in(sunny.people["sales"]).get(address.format(pk=project.pk))
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert "Observatory roof" in text
    assert "Herschel" not in text
