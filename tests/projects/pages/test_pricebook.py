"""The price book page: what prices, payments and costings say, to whom, and how they are found."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection
from tests.conftest import Company, signed_in
from tests.price_factories import make_costing, make_payment_option, make_scheme
from tests.projects.pages.reading import text_of

PAGE = "/pricebook/"


def shown(company: Company, who: str, query: str = "") -> str:
    """The page's text for that person."""
    answer = signed_in(company.people[who]).get(PAGE + query)
    assert answer.status_code == 200
    return text_of(answer)


def limited(company: Company, **rights: bool) -> str:
    membership = company.membership("sales")
    for name, value in rights.items():
        setattr(membership, name, value)
    membership.save()
    return "sales"


def test_scheme_is_shown_decoded_with_where_it_applies(sunny: Company) -> None:
    make_scheme(sunny.connection, auto_apply_only_specified_states=["NSW", "VIC"])
    make_scheme(sunny.connection, title="By hand", auto_apply_enabled=False, configuration={"tiers": [{"up_to_kw": 5}]})
    text = shown(sunny, "sales")
    for words in (
        "Per watt",
        "Price Per Watt",
        "Price per watt 1.25",
        "Minimum margin 14 %",
        "Tax included 10 %",
        "Applied automatically in NSW, VIC · priority 1",
        "Chosen by hand",
        "Tiers · 1 · Up to kw 5",
    ):
        assert words in text


def test_payment_option(sunny: Company) -> None:
    make_payment_option(sunny.connection, auto_apply_enabled=True, description="Seven years.")
    make_payment_option(sunny.connection, title="New kind", payment_type="rent_a_roof", configuration=None)
    text = shown(sunny, "sales", "?show=payment-options")
    for words in ("Green loan", "Loan", "Seven years.", "Interest rate 6.49", "Dealer fee 4.5 %", "Rent a roof"):
        assert words in text
    assert "Applied automatically everywhere" in text
    assert "settings of it cannot be read" in text


def test_costing_is_a_table_without_zeros(sunny: Company) -> None:
    make_costing(sunny.connection)
    text = shown(sunny, "sales", "?show=costings")
    for words in (
        "per system per panel per watt",
        "Labor 62.5",
        "Steeper than 25° 14",
        "Roof type adder 2: Tile Clay 0.05",
        "Commission on goods sold and labor 3.5 %",
        "Has priority",
    ):
        assert words in text


def test_what_is_not_theirs_is_left_out(sunny: Company) -> None:
    make_scheme(sunny.connection)
    make_costing(sunny.connection)
    who = limited(sunny, costs=False)
    text = shown(sunny, who)
    assert "Price per watt 1.25" in text
    assert "margin" not in text
    assert "Costings" not in text
    # A part that is not theirs shows one that is.
    assert "Labor" not in shown(sunny, who, "?show=costings")


def test_costs_alone_open_the_costings(sunny: Company) -> None:
    make_scheme(sunny.connection)
    make_costing(sunny.connection)
    text = shown(sunny, limited(sunny, prices=False))
    assert "Labor 62.5" in text
    assert "Per watt" not in text


@pytest.mark.parametrize("who", ["inspector", "installer", "unassigned"])
def test_it_is_not_there_for_people_without_money(sunny: Company, who: str) -> None:
    client = signed_in(sunny.people[who])
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/").content.decode()


def test_sidebar_leads_there(sunny: Company) -> None:
    assert f'href="{PAGE}"' in signed_in(sunny.people["sales"]).get("/").content.decode()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Per watt", "By size"}),
        ("?q=WATT", {"Per watt"}),
        ("?kind=Fixed Price", {"By size"}),
        ("?auto=no", {"By size"}),
        ("?state=archived", {"Old"}),
        ("?state=all", {"Per watt", "By size", "Old"}),
        ("?q=zzz", set()),
        ("?state=odd&auto=odd&priority=odd&page=99", {"Per watt", "By size"}),
        ("?priority=1", {"Per watt"}),
        ("?priority=-3", {"By size"}),
        ("?priority=9", set()),
        ("?priority=99999999999999999999", {"Per watt", "By size"}),
        ("?q=%00", {"Per watt", "By size"}),
    ],
)
def test_filters(sunny: Company, query: str, titles: set[str]) -> None:
    make_scheme(sunny.connection)
    make_scheme(sunny.connection, title="By size", pricing_formula="Fixed Price", auto_apply_enabled=False, priority=-3)
    make_scheme(sunny.connection, title="Old", is_archived=True)
    answer = signed_in(sunny.people["sales"]).get(PAGE + query)
    assert {str(card.record) for card in answer.context["cards"]} == titles


@pytest.mark.parametrize(
    ("show", "query", "titles"),
    [
        ("payment-options", "&kind=loan", {"Green loan"}),
        ("payment-options", "&auto=yes", {"At once"}),
        ("payment-options", "&priority=5&auto=yes&kind=cash", {"At once"}),
        ("payment-options", "&priority=yes", {"Green loan", "At once"}),
        ("costings", "&priority=yes", {"Homes"}),
        ("costings", "&priority=no", {"Barns"}),
        ("costings", "&priority=1", {"Homes", "Barns"}),
    ],
)
def test_filters_of_the_other_parts(sunny: Company, show: str, query: str, titles: set[str]) -> None:
    make_payment_option(sunny.connection)
    make_payment_option(
        sunny.connection, title="At once", payment_type="cash", priority=5, auto_apply_enabled=True, configuration={}
    )
    make_costing(sunny.connection)
    make_costing(sunny.connection, title="Barns", priority=False)
    answer = signed_in(sunny.people["sales"]).get(f"{PAGE}?show={show}{query}")
    assert {str(card.record) for card in answer.context["cards"]} == titles


def test_what_narrows_is_chosen_on_the_page_and_kept_in_its_addresses(sunny: Company) -> None:
    for number in range(30):
        make_scheme(sunny.connection, title=f"Scheme {number:02}")
    make_scheme(sunny.connection, title="Last", priority=7)
    client = signed_in(sunny.people["sales"])
    first = client.get(f"{PAGE}?priority=1&kind=Price Per Watt&auto=yes")
    assert first.context["priorities"] == [("1", "Priority 1"), ("7", "Priority 7")]
    assert re.findall(r'<option value="(.+)" selected>', first.content.decode()) == ["Price Per Watt", "yes", "1"]
    assert client.get(PAGE + first.context["next_url"]).context["total"] == first.context["total"] == 30
    # One that no record has any more, in an address that somebody kept.
    assert '<option value="9" selected>' in client.get(f"{PAGE}?priority=9").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Pricing schemes will stand here"),
        ("?show=payment-options", "Payment options will stand here"),
        ("?show=costings", "Costings will stand here"),
        ("?q=x", "Nothing in the price book fits"),
        ("?state=archived", "Nothing here is archived"),
    ],
)
def test_empty_states(sunny: Company, query: str, words: str) -> None:
    assert words in shown(sunny, "sales", query)


def test_list_that_opensolar_refuses_is_said(sunny: Company) -> None:
    with scopes_disabled():
        Connection.objects.update(switched_off={"payment_options": "Not in this plan (402).", "costings": "No."})
    text = shown(sunny, "sales", "?show=payment-options")
    assert "Not in this plan (402)." in text
    assert "does not give this list" not in shown(sunny, "sales")


def test_removed_and_neighbours_records_are_not_shown(sunny: Company, kestrel: Company) -> None:
    make_scheme(kestrel.connection, title="Kestrel price")
    make_scheme(sunny.connection, title="Gone", removed_at="2026-11-20T12:00:00Z")
    assert not {"Kestrel price", "Gone"} & set(shown(sunny, "sales", "?state=all").split(" "))
    assert signed_in(sunny.people["sales"]).get(f"{PAGE}?state=all").context["total"] == 0


def test_vendor_text_stays_text(sunny: Company) -> None:
    make_scheme(sunny.connection, title="<script>alert(1)</script>", configuration={"<b>key</b>": "<i>value</i>"})
    page = signed_in(sunny.people["sales"]).get(PAGE).content.decode()
    assert "<script>alert(1)" not in page
    assert "<i>value" not in page
    assert "<b>key" not in page


@pytest.mark.parametrize("query", ["", "?show=payment-options", "?show=costings"])
def test_queries_do_not_grow(sunny: Company, django_assert_num_queries: Any, query: str) -> None:
    client: Client = signed_in(sunny.people["sales"])
    counts = []
    for many in (2, 20):
        for make in (make_scheme, make_payment_option, make_costing):
            for _ in range(many):
                make(sunny.connection)
        client.get(PAGE + query)
        with django_assert_num_queries(counts[0] if counts else 99, exact=bool(counts)) as queries:
            client.get(PAGE + query)
        counts.append(len(queries))


def test_everything_has_its_page(sunny: Company) -> None:
    for number in range(30):
        make_scheme(sunny.connection, title=f"Scheme {number:02}")
    client = signed_in(sunny.people["sales"])
    first = client.get(PAGE)
    assert (len(first.context["cards"]), first.context["total"]) == (24, 30)
    second = client.get(PAGE + first.context["next_url"])
    assert [str(card.record) for card in second.context["cards"]] == [f"Scheme {number}" for number in range(24, 30)]
