"""What a page weighs on its way: fifty rows are a lot of markup that says nearly the same."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.conftest import Company
from tests.factories import make_contact, make_project, make_system

MOST = 40_000


@pytest.mark.parametrize("path", ["/projects/", "/projects/board/"])
def test_a_full_page_goes_compressed(sunny: Company, grace: Client, path: str) -> None:
    for number in range(50):
        contact = make_contact(sunny.connection, display=f"Customer {number * 7919}")
        make_system(make_project(sunny.connection, (contact,), stage=number % 4, assigned_role_ref=12))
    plain = grace.get(path)
    packed = grace.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert "Content-Encoding" not in plain
    assert gzip.decompress(packed.content).count(b"Customer ") == plain.content.count(b"Customer ")
    assert len(packed.content) < MOST < len(plain.content)
