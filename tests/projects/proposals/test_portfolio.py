"""The portfolio: figures by project, filters, order, pages, totals by currency, the file, and who sees what."""

from __future__ import annotations

import csv
import html
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.conftest import Company, signed_in
from tests.factories import make_contact, make_project, make_proposal
from tests.projects.pages.reading import text_of


@pytest.fixture
def company(sunny: Company) -> Company:
    """Three projects: two in dollars, one in pounds."""
    figures: list[dict[str, Any]] = [
        {"price": Decimal("24900.00"), "payback_years": Decimal("4.20")},
        {"price": Decimal("9000.00"), "payback_years": Decimal("9.00"), "cost": None},
        {"price": Decimal("7000.00"), "payback_years": None, "currency": "GBP", "npv": Decimal("-5.00")},
    ]
    for number, name in enumerate(("Ada", "Bea", "=Cyd")):
        contact = make_contact(sunny.connection, display=name)
        project = make_project(
            sunny.connection,
            (contact,),
            opensolar_id=5000 + number,
            title=name,
            is_sold=number == 0,
            assigned_site_inspector_role_ref=13,
        )
        make_proposal(project, **figures[number])
        make_proposal(project, language_asked="fr", price=Decimal(1))
    return sunny


@pytest.fixture
def grace(company: Company) -> Client:
    return signed_in(company.people["sales"])


def names(answer: Any) -> list[str]:
    found = re.findall(r'class="row-link cell-main"[^>]*>([^<]*)<', answer.content.decode())
    return [html.unescape(name) for name in found]


def rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_each_project_once_with_its_figures(grace: Client) -> None:
    answer = grace.get("/portfolio/")
    assert sorted(names(answer)) == ["=Cyd", "Ada", "Bea"]
    page = html.unescape(answer.content.decode()).replace("\u00a0", " ")
    for figure in ("$24,900", "$18,536", "4.2 years", "$12,340", "12.3 %", "210.0 %", "11,230 kWh", "£7,000", "−£5"):
        assert figure in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ada", ["Ada"]),
        ("sold=yes", ["Ada"]),
        ("sold=no&sort=price", ["=Cyd", "Bea"]),
        ("currency=GBP", ["=Cyd"]),
        ("price_from=8000&price_to=10000", ["Bea"]),
        ("payback_years_to=5", ["Ada"]),
        ("sort=-price", ["Ada", "Bea", "=Cyd"]),
        ("sort=price", ["=Cyd", "Bea", "Ada"]),
        ("sort=-payback_years&payback_years_from=0", ["Bea", "Ada"]),
        ("currency=XYZ", []),
    ],
)
def test_filters_and_order_stand_in_the_address(grace: Client, query: str, found: list[str]) -> None:
    assert names(grace.get(f"/portfolio/?{query}")) == found
    assert len(rows(grace.get(f"/portfolio/export.csv?{query}"))) == len(found)


def test_the_menu_of_ranges_is_named_after_what_it_narrows(sunny: Company, grace: Client) -> None:
    assert "Price, Payback, kWh a year" in text_of(grace.get("/portfolio/"))
    membership = sunny.membership("sales")
    membership.prices = False
    membership.save()
    text = text_of(grace.get("/portfolio/"))
    assert "From, to" not in text
    assert "Payback" not in text


@pytest.mark.parametrize(
    "query", ["sort=nonsense", "price_from=x", "currency=dollars", "page=zzz", "sold=maybe", "a=b"]
)
def test_rubbish_in_the_address_becomes_a_hint(grace: Client, query: str) -> None:
    answer = grace.get(f"/portfolio/?{query}")
    assert len(names(answer)) == 3
    assert 'data-tone="watch"' in answer.content.decode()


def test_totals_never_mix_currencies(grace: Client) -> None:
    page = grace.get("/portfolio/").content.decode()
    totals = html.unescape(page[page.index("portfolio-totals") : page.index("table-cards")])
    assert "$33,900" in totals
    assert "£7,000" in totals
    assert "40,900" not in totals


def test_an_unknown_currency_is_not_added_up(company: Company, grace: Client) -> None:
    for number in range(2):
        project = make_project(company.connection, title=f"Nowhere {number}", country_iso2="")
        make_proposal(project, currency="", price=Decimal("111.00"))
    answer = grace.get("/portfolio/?currency=%3F")
    page = text_of(answer)
    assert len(names(answer)) == 2
    assert "222" not in page
    assert "Not added up" in page


@pytest.mark.parametrize("sort", ["-price", "payback_years", "-activity", "output_annual_kwh", "-cost"])
def test_pages_bring_every_project_once(company: Company, grace: Client, sort: str) -> None:
    for number in range(110):
        project = make_project(company.connection, title=f"Roof {number}", opensolar_id=6000 + number)
        make_proposal(project, price=Decimal(number // 7), cost=None if number % 3 else Decimal(number))
    seen, address = [], f"/portfolio/?sort={sort}"
    while address:
        answer = grace.get(address)
        seen.append(names(answer))
        found = re.search(r'rel="next" href="([^"]*)"', answer.content.decode())
        address = "/portfolio/" + html.unescape(found.group(1)) if found else ""
    assert [len(page) for page in seen] == [50, 50, 13]
    assert len({name for page in seen for name in page}) == 113
    back = re.search(r'rel="prev" href="([^"]*)"', answer.content.decode())
    assert back is not None
    assert names(grace.get("/portfolio/" + html.unescape(back.group(1)))) == seen[1]
    lines = rows(grace.get(f"/portfolio/export.csv?sort={sort}"))
    assert [line["Customer"].lstrip("'") for line in lines] == [name for page in seen for name in page]


def test_no_cell_of_the_file_is_a_formula(grace: Client) -> None:
    lines = rows(grace.get("/portfolio/export.csv?sort=price"))
    assert (lines[0]["Customer"], lines[0]["Price"], lines[0]["Currency"]) == ("'=Cyd", "7000.00", "GBP")


def test_costs_and_prices_by_right(company: Company, grace: Client) -> None:
    membership = company.membership("sales")
    membership.costs = False
    membership.save()
    assert "18,536" not in grace.get("/portfolio/").content.decode()
    assert "Cost" not in rows(grace.get("/portfolio/export.csv"))[0]
    assert 'data-tone="watch"' in grace.get("/portfolio/?sort=-cost").content.decode()
    membership.prices = False
    membership.save()
    answer = grace.get("/portfolio/?price_from=8000")
    assert len(names(answer)) == 3
    for money in ("24,900", "12,340", "4.2", "12.3", "210"):
        assert money not in answer.content.decode()
    assert rows(grace.get("/portfolio/export.csv"))[0].keys() & {"Price", "NPV", "Cost", "Payback (years)"} == set()


def test_whom_no_project_names_sees_none(company: Company) -> None:
    assert names(signed_in(company.people["installer"]).get("/portfolio/")) == []
    assert len(names(signed_in(company.people["inspector"]).get("/portfolio/"))) == 3
    assert names(signed_in(company.people["unassigned"]).get("/portfolio/")) == []


def test_the_neighbour_sees_nothing(company: Company, kestrel: Company) -> None:
    outsider = signed_in(kestrel.people["administrator"])
    assert names(outsider.get("/portfolio/")) == []
    assert rows(outsider.get("/portfolio/export.csv")) == []


def test_a_page_takes_as_many_queries_for_fifty_as_for_three(
    company: Company, grace: Client, django_assert_max_num_queries: Any
) -> None:
    grace.get("/portfolio/")
    for number in range(60):
        make_proposal(make_project(company.connection, title=f"Roof {number}"))
    with django_assert_max_num_queries(16):
        grace.get("/portfolio/")
