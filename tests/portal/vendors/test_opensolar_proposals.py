"""Proposal data at the wire: what is asked for, and what is made of packed, missing and oddly written values."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson
import pytest
from pytest_httpserver import HTTPServer

from portal.lib.errors import Forbidden, MalformedAnswer, PlanError
from portal.lib.http import Transport
from portal.vendors.opensolar.blobs import MOST_UNPACKED, Unreadable, unpacked
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.displayed import currency, figure, figures
from portal.vendors.opensolar.proposal_figures import errors_in, options_in
from portal.vendors.opensolar.proposals import PRODUCT, tidy

ORG_PATH, PLAIN_PATH = "/api/orgs/16/user_logins/", "/api/user_logins/"


class Token:
    """A token source with one token."""

    def current(self) -> str:
        return "token"

    def renew(self, stale: str) -> str:
        return "token"


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[OpenSolar]:
    line = Transport(httpserver.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    yield OpenSolar(line, "16", Token())
    line.close()


def pack(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()


def project(**proposal: Any) -> dict[str, Any]:
    return {"id": 3001, "proposal_data": proposal}


def test_one_project_is_asked_for_with_the_documented_parameters(client: OpenSolar, httpserver: HTTPServer) -> None:
    query = {"project_ids": "3001", "include_unsold": "1", "language": "fr", "compress_data": "1"}
    answer = [{"id": 16, "name": "Org", "projects": [{"id": 3001, "strange": 1, "proposal_data": {}}]}]
    httpserver.expect_oneshot_request(ORG_PATH, "GET", query_string=query).respond_with_json(answer)
    found = client.proposal(3001, unsold=True, language="fr")
    assert found == {"id": 3001, "strange": 1, "proposal_data": {}, "asked_org": {"id": 16, "name": "Org"}}


def test_a_sold_project_without_wishes_leaves_them_out(client: OpenSolar, httpserver: HTTPServer) -> None:
    query = {"project_ids": "3001"}
    httpserver.expect_oneshot_request(PLAIN_PATH, "GET", query_string=query).respond_with_json([])
    assert client.proposal(3001, unsold=False, compress=False, plain_path=True) is None


def test_402_names_the_product_and_403_speaks_for_the_request(client: OpenSolar, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request(ORG_PATH).respond_with_json({"detail": "pay"}, status=402)
    with pytest.raises(PlanError, match=PRODUCT):
        client.proposal(3001, unsold=True)
    httpserver.expect_oneshot_request(ORG_PATH).respond_with_json({"detail": "no"}, status=403)
    with pytest.raises(Forbidden, match="does not show this project"):
        client.proposal(3001, unsold=True)


@pytest.mark.parametrize(
    "answer", [[], {}, [{}], [None], [{"projects": None}], [{"projects": [{"id": 9}, "x", None]}], [{"projects": {}}]]
)
def test_an_answer_without_the_project_is_none(client: OpenSolar, httpserver: HTTPServer, answer: Any) -> None:
    httpserver.expect_oneshot_request(ORG_PATH).respond_with_json(answer)
    assert client.proposal(3001, unsold=True) is None


def test_an_answer_of_another_shape_is_said_to_be_one(client: OpenSolar, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request(ORG_PATH).respond_with_json("soon")
    with pytest.raises(MalformedAnswer):
        client.proposal(3001, unsold=True)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (pack(b'{"a": 1}'), {"a": 1}),
        (pack(b'{"a": 1}').rstrip("="), {"a": 1}),
        ("\n".join((pack(b"[1, 2]")[:10], pack(b"[1, 2]")[10:])), [1, 2]),
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ("{broken", "{broken"),
        ("plain", "plain"),
        (None, None),
        ("", ""),
        (7, 7),
    ],
)
def test_what_is_packed_is_unpacked_and_all_else_tolerated(value: Any, found: Any) -> None:
    assert unpacked(value) == found


def test_a_year_of_equal_hours_is_no_bomb() -> None:
    year = {name: [0.25] * 8760 for name in ("load", "import", "export", "solar", "battery", "grid", "spilled", "net")}
    assert unpacked(pack(orjson.dumps(year))) == year


@pytest.mark.parametrize(
    "value",
    [
        pack(b" " * (MOST_UNPACKED + 1)),
        pack(b"[" + b"1," * (2**22) + b"1]"),
        pack(b'{"a": 1}')[:-12],
        pack(b"no json"),
        "H4sI!!!!",
        "H4sIAAAA",
    ],
    ids=["too large", "too dense", "cut", "no JSON", "no base64", "no gzip"],
)
def test_a_bomb_or_a_broken_blob_is_refused(value: str) -> None:
    with pytest.raises(Unreadable):
        unpacked(value)


def test_bills_and_output_are_unpacked_in_place_and_the_design_stays_packed() -> None:
    data = {"bills": pack(b'{"current": 5}'), "output": '{"annual": 7}', "line_items": []}
    design = pack(b'{"scene": {}}')
    found = tidy(project(design=design, systems=[{"data": data}, {"data": None}, {}, "odd"]))
    inside = found.record["proposal_data"]
    assert inside["systems"][0]["data"] == {"bills": {"current": 5}, "output": {"annual": 7}, "line_items": []}
    assert (inside["systems"][1:], inside["design"], found.remarks) == ([{"data": None}, {}, "odd"], design, [])


def test_a_bomb_in_the_design_costs_the_design_alone() -> None:
    found = tidy(project(design=pack(b"[" + b"0," * (2**22) + b"0]"), systems=[{"name": "A"}]))
    assert found.record["proposal_data"] == {"systems": [{"name": "A"}]}
    assert found.remarks == ["design could not be unpacked: It would unpack to far more than a proposal can hold."]


def test_secrets_in_blobs_texts_and_strings_of_json_are_taken_out() -> None:
    link = "https://share.example.com/p/0123456789"
    record = {
        **project(
            design=pack(json.dumps({"scene": 1, "share_link": link}).encode()),
            systems=[{"data": {"output": pack(json.dumps({"annual": 7, "api_key_chat": "chat-1"}).encode())}}],
            proposal_message=f"<p>See {link}</p>",
            online_proposal_auto_login_url=link,
        ),
        "custom_data": json.dumps({"share_link": link, "theme": "dark"}),
        "share_link": link,
    }
    found = tidy(record).record
    inside = found["proposal_data"]
    assert unpacked(inside["design"]) == {"scene": 1}
    assert inside["systems"][0]["data"]["output"] == {"annual": 7}
    assert inside["proposal_message"] == "<p>See [removed]</p>"
    assert "0123456789" not in found["custom_data"]
    # Under their own keys they go with those of every record, after the digest was taken.
    assert found["share_link"] == inside["online_proposal_auto_login_url"] == link


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("$12,340", "12340"),
        ("8,547", "8547"),
        ("4.2", "4.2"),
        ("12.3%", "12.3"),
        ("12.3 %", "12.3"),
        ("-$1,200.50", "-1200.50"),
        ("\u2212$1,200", "-1200"),
        ("($1,200)", "-1200"),
        ("1.234,56 €", "1234.56"),
        ("1 234 567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("0,125", "0.125"),
        ("4.2 years", "4.2"),
        ("6.210", "6.210"),
        (8547, "8547"),
        (4.25, "4.25"),
    ],
)
def test_figures_for_people_are_read(shown: Any, number: str) -> None:
    assert figure(shown) == Decimal(number)


@pytest.mark.parametrize(
    "shown",
    [None, "", "N/A", "...", "4 years 2 months", "< 1", True, [], {}, "9" * 80, float("nan"), float("inf"), "1e400"],
)
def test_what_is_no_figure_is_unknown(shown: Any) -> None:
    assert figure(shown) is None


def test_lists_of_figures_also_stand_in_strings() -> None:
    assert figures('[680, 720.5, null, "1,000"]') == [680.0, 720.5, None, 1000.0]
    assert [figures(odd) for odd in ("[680,", None, "12", {"a": 1})] == [[], [], [], []]


def test_a_currency_is_told_only_where_it_is_certain() -> None:
    assert [currency(text) for text in ("$12", "A$12", "12 €", "EUR 12", "N/A", "THE 12")] == [
        "",
        "AUD",
        "EUR",
        "EUR",
        "",
        "",
    ]


def test_figures_of_a_system_from_strings_and_with_everything_missing() -> None:
    system = {
        "name": "System 1",
        "systemKwStc": "6.210",
        "systemOutputAnnualkWh": "8,547",
        "systemPaybackYear": 4,
        "systemNetPresentValue": "£12,340",
        "systemIrr": "N/A",
        "output_monthly_json": "[680, 720]",
        "data": {"pricing": {"system_price_including_tax": "£9,000", "total_cost": 7000}},
    }
    first, bare = options_in(project(systems=[system, {}, None]))
    assert (first.kw_stc, first.output_annual_kwh, first.payback_years) == (Decimal("6.210"), 8547, 4)
    assert (first.npv, first.irr, first.currency, first.price, first.cost) == (12340, None, "GBP", 9000, 7000)
    assert (bare.kw_stc, bare.npv, bare.name, bare.data, bare.output_monthly) == (None, None, "", {}, [])
    assert [options_in(odd) for odd in ({}, project(systems="x"), {"proposal_data": "x"})] == [[], [], []]


def test_calculation_errors_of_every_kind_are_said_once() -> None:
    said = {"calculation_error_messages": ["A", {"message": "B"}, 7, None, "A"], "last_calculation_error": "C"}
    assert errors_in(said) == ["A", "B", "C"]
    assert errors_in({"calculation_error_messages": "D"}) == ["D"]
