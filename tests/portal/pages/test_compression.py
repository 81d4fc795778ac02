"""Pages and tables go out compressed to whoever takes them so; the API's answers do not."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.conftest import Company, api, signed_in

TAKES_GZIP = {"Accept-Encoding": "gzip, deflate"}


@pytest.fixture
def client(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])


def test_a_page_is_the_same_and_much_smaller(client: Client) -> None:
    plain = client.get("/team/")
    assert not plain.has_header("Content-Encoding")
    small = client.get("/team/", headers=TAKES_GZIP)
    assert small["Content-Encoding"] == "gzip"
    assert b"<h1>Team" in gzip.decompress(small.content)
    assert len(small.content) * 3 < len(plain.content)


def test_a_table_is_compressed_as_it_streams(client: Client) -> None:
    plain = b"".join(client.get("/projects/export.csv").streaming_content)  # type: ignore[attr-defined]
    table = client.get("/projects/export.csv", headers=TAKES_GZIP)
    assert table["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(table.streaming_content)) == plain  # type: ignore[attr-defined]


def test_the_api_is_not(sunny: Company) -> None:
    answer = api(sunny.token("administrator")).get("/api/v1/roles/", headers=TAKES_GZIP)
    assert (answer.status_code, answer.has_header("Content-Encoding")) == (200, False)
