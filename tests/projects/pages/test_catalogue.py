"""The catalogue: components by kind, their data sheets with units, and the projects that use them."""

from __future__ import annotations

from typing import Any

import pytest
from django_scopes import scopes_disabled

from portal.models import Connection
from projects.models import ComponentActivation
from tests.conftest import Company, signed_in
from tests.factories import make_project, make_system
from tests.price_factories import make_component
from tests.projects.pages.reading import text_of

PAGE = "/catalogue/"


def shown(company: Company, who: str, address: str = PAGE) -> str:
    answer = signed_in(company.people[who]).get(address)
    assert answer.status_code == 200
    return text_of(answer)


def use(company: Company, part: ComponentActivation, **columns: Any) -> Any:
    """A project with a system that is made of the part, named by its number."""
    project = make_project(company.connection, **columns)
    lists = {"module": "modules", "inverter": "inverters", "battery": "batteries", "other": "others"}
    entry = {f"{part.kind}_activation_id": part.opensolar_id, "code": "another name", "quantity": 18}
    make_system(project, **{"modules": [], lists[part.kind]: [entry]})
    return project


def test_list_shows_the_data_sheet_with_units(sunny: Company) -> None:
    make_component(sunny.connection, code="BS-440", is_default=True)
    text = shown(sunny, "sales")
    for words in ("BS-440", "Bell Silicon", "used by default", "Power 440 W", "Height 1.722 m", "112.50", "8.00"):
        assert words in text


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("inverter", {"max_power_rating": 5.0, "efficiency": 97.2, "microinverter": "N"}, "Efficiency 97.2 %"),
        ("battery", {"kwh_optimal": 9.8, "voltage": 51.2}, "Capacity 9.8 kWh"),
        ("other", {"description": "Fuse box"}, "Description Fuse box"),
    ],
)
def test_each_kind_has_its_list(sunny: Company, kind: str, data: dict[str, Any], words: str) -> None:
    part = make_component(sunny.connection, kind, data=data)
    make_component(sunny.connection, code="A-MODULE")
    text = shown(sunny, "sales", f"{PAGE}?kind={kind}")
    assert words in text
    assert "A-MODULE" not in text
    assert words in shown(sunny, "sales", f"{PAGE}{part.pk}/")


def test_page_of_a_component(sunny: Company) -> None:
    part = make_component(sunny.connection, sku="SKU-9")
    project = use(sunny, part, title="Leyden roof")
    answer = signed_in(sunny.people["sales"]).get(f"{PAGE}{part.pk}/")
    text = text_of(answer)
    for words in ("SKU SKU-9", "Power 440 W", "Technology Mono-c-Si", "Cost 112.50", "Odd key 7", "Unit cost 99"):
        assert words in text
    assert f'href="/projects/{project.pk}/"' in answer.content.decode()


@pytest.mark.parametrize("data", [None, {}, {"kw_stc": "a lot", "deep": {"x": [1, {"y": None}]}}])
def test_any_data_sheet_will_do(sunny: Company, data: Any) -> None:
    part = make_component(sunny.connection, data=data, manufacturer_name="", code="", cost=None)
    assert f"#{part.opensolar_id}" in shown(sunny, "sales")
    shown(sunny, "sales", f"{PAGE}{part.pk}/")


@pytest.mark.parametrize("kind", ["module", "inverter", "battery", "other"])
def test_projects_are_counted_by_the_parts_number(sunny: Company, kind: str) -> None:
    part, other = make_component(sunny.connection, kind), make_component(sunny.connection, kind)
    projects = {use(sunny, part).pk, use(sunny, part).pk}
    use(sunny, other)
    answer = signed_in(sunny.people["sales"]).get(f"{PAGE}?kind={kind}")
    assert {row.part.pk: row.projects for row in answer.context["rows"]} == {part.pk: 2, other.pk: 1}
    page = signed_in(sunny.people["sales"]).get(f"{PAGE}{part.pk}/")
    assert {row.project.pk for row in page.context["rows"]} == projects


def test_part_without_a_number_is_found_by_maker_and_code(sunny: Company) -> None:
    part = make_component(sunny.connection, code="X", manufacturer_name="Y")
    project = make_project(sunny.connection)
    for _option in range(2):
        make_system(project, modules=[{"code": "X", "manufacturer_name": "Y"}, {"code": "X", "manufacturer_name": "Z"}])
    make_system(make_project(sunny.connection), modules=[{"code": "X", "manufacturer_name": "Z"}])
    client = signed_in(sunny.people["sales"])
    assert [row.projects for row in client.get(PAGE).context["rows"]] == [1]
    assert [row.project.pk for row in client.get(f"{PAGE}{part.pk}/").context["rows"]] == [project.pk]


def test_equal_numbers_of_another_account_are_other_parts(sunny: Company) -> None:
    with scopes_disabled():
        other = Connection.objects.create(organisation=sunny.organisation, vendor="opensolar", account_id="9")
    part, namesake = make_component(sunny.connection, opensolar_id=7), make_component(other, opensolar_id=7)
    use(sunny, part)
    client = signed_in(sunny.people["sales"])
    found = {row.part.pk: row.projects for row in client.get(PAGE).context["rows"]}
    assert found == {part.pk: 1, namesake.pk: 0}
    assert client.get(f"{PAGE}{namesake.pk}/").context["total"] == 0


@pytest.mark.parametrize("who", ["inspector", "installer"])
def test_the_crew_sees_no_money_and_their_own_projects(sunny: Company, who: str) -> None:
    part = make_component(sunny.connection)
    named = {"inspector": "assigned_site_inspector_role_ref", "installer": "assigned_installer_role_ref"}[who]
    mine = use(sunny, part, **{named: sunny.roles[who].opensolar_id})
    use(sunny, part)
    client = signed_in(sunny.people[who])
    answer, page = client.get(PAGE), client.get(f"{PAGE}{part.pk}/")
    assert [row.projects for row in answer.context["rows"]] == [1]
    assert [row.project.pk for row in page.context["rows"]] == [mine.pk]
    for text in (text_of(answer), text_of(page)):
        assert "112.50" not in text
        assert "Price adjustment" not in text
        assert "cost" not in text.lower()


def test_unassigned_people_have_no_catalogue(sunny: Company) -> None:
    part = make_component(sunny.connection)
    client = signed_in(sunny.people["unassigned"])
    assert {client.get(PAGE).status_code, client.get(f"{PAGE}{part.pk}/").status_code} == {404}
    assert PAGE not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["AA-1", "BB-2"]),
        ("?q=bell aa", ["AA-1"]),
        ("?q=sku-7", ["BB-2"]),
        ("?q=none", []),
        ("?state=archived", ["CC-3"]),
        ("?state=all&kind=module", ["AA-1", "BB-2", "CC-3"]),
        ("?kind=odd&state=odd&page=x", ["AA-1", "BB-2"]),
        ("?kind=battery", []),
    ],
)
def test_filters(sunny: Company, query: str, codes: list[str]) -> None:
    make_component(sunny.connection, code="BB-2", sku="SKU-7")
    make_component(sunny.connection, code="AA-1")
    make_component(sunny.connection, code="CC-3", is_archived=True)
    answer = signed_in(sunny.people["sales"]).get(PAGE + query)
    assert [row.part.code for row in answer.context["rows"]] == codes


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Components will stand here"),
        ("?q=x", "No component fits"),
        ("?state=archived", "None of these components is archived"),
    ],
)
def test_empty_states(sunny: Company, query: str, words: str) -> None:
    assert words in shown(sunny, "sales", PAGE + query)


def test_component_that_nobody_uses_and_one_that_is_gone(sunny: Company) -> None:
    part = make_component(sunny.connection, removed_at="2026-11-20T12:00:00Z")
    text = shown(sunny, "sales", f"{PAGE}{part.pk}/")
    assert "No project uses it yet" in text
    assert "does not show this component any more" in text
    assert signed_in(sunny.people["sales"]).get(PAGE).context["total"] == 0


@pytest.mark.parametrize("address", ["list", "page"])
def test_queries_do_not_grow(sunny: Company, django_assert_num_queries: Any, address: str) -> None:
    client = signed_in(sunny.people["sales"])
    part = make_component(sunny.connection)
    url = PAGE if address == "list" else f"{PAGE}{part.pk}/"
    counts: list[int] = []
    for many in (2, 12):
        for _ in range(many):
            make_component(sunny.connection)
            use(sunny, part)
        client.get(url)
        with django_assert_num_queries(counts[0] if counts else 99, exact=bool(counts)) as queries:
            client.get(url)
        counts.append(len(queries))
