"""Who sees which projects, prices and costs: each kind of person, and the outsider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Kind, Membership
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import make_project, make_system
from tests.projects.pages.reading import names_on, text_of

PRICES = ("24,900", "24900", "22,636", "22636", "$20", "884")
COSTS = ("4,100", "4100", "12.5", "Net profit", "Our cost")


@pytest.fixture
def roof(sunny: Company) -> Project:
    """A project that names the inspector and the installer, with a price and costs."""
    project = make_project(
        sunny.connection, title="Named", assigned_site_inspector_role_ref=13, assigned_installer_role_ref=14
    )
    make_system(
        project,
        incentives=[{"title": "Certificates", "value": 884}],
        modules=[{"code": "LG345", "quantity": 18, "cost": 4100, "data": {"price": 22636, "margin": 4100}}],
        others=[{"code": "Rail", "quantity": 4, "cost": 4100, "price_adjustment": 22636}],
        adders=[
            {"label": "Tilt", "total_value": 20.0, "total_cost": 12.5, "unit_cost": 4100, "price": 22636, "quantity": 1}
        ],
    )
    make_project(sunny.connection, title="Not named")
    return project


def _all_of(client: Client, roof: Project) -> str:
    """Everything that pages and file say about the project."""
    pages: list[Any] = [client.get(path) for path in ("/", "/projects/", f"/projects/{roof.pk}/")]
    pages.append(client.get(f"/projects/{roof.pk}/systems/"))
    return "\n".join([*map(text_of, pages), client.get("/projects/export.csv").getvalue().decode()])


@pytest.mark.parametrize("who", ["administrator", "sales"])
def test_administrators_and_sales_see_all_with_prices_and_costs(sunny: Company, roof: Project, who: str) -> None:
    client = signed_in(sunny.people[who])
    assert sorted(names_on(client.get("/projects/"))) == ["Named", "Not named"]
    said = _all_of(client, roof)
    for figure in ("$24,900", "24900.00", "$22,636", "$20", "$884", "$4,100", "$12.50"):
        assert figure in said


@pytest.mark.parametrize("who", ["inspector", "installer"])
def test_inspectors_and_installers_see_their_own_without_money(sunny: Company, roof: Project, who: str) -> None:
    client = signed_in(sunny.people[who])
    assert names_on(client.get("/projects/")) == ["Named"]
    said = _all_of(client, roof)
    assert "LG345" in said
    assert "Tilt" in said
    assert "Certificates" in said
    for figure in (*PRICES, *COSTS):
        assert figure not in said
    assert "rice" not in client.get("/projects/export.csv").getvalue().decode().splitlines()[0]


@pytest.mark.parametrize(
    ("right", "hidden", "shown"),
    [("prices", PRICES, ("$4,100", "$12.50")), ("costs", COSTS, ("$24,900", "$20"))],
)
def test_a_right_can_be_taken_from_a_salesperson(
    sunny: Company, roof: Project, right: str, hidden: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    with scopes_disabled():
        Membership.objects.filter(user=sunny.people["sales"]).update(**{right: False})
    said = _all_of(signed_in(sunny.people["sales"]), roof)
    assert not [figure for figure in hidden if figure in said]
    assert not [figure for figure in shown if figure not in said]


def test_a_right_cannot_be_given_to_an_inspector(sunny: Company, roof: Project) -> None:
    with scopes_disabled():
        Membership.objects.filter(user=sunny.people["inspector"]).update(prices=True, costs=True)
    said = _all_of(signed_in(sunny.people["inspector"]), roof)
    assert not [figure for figure in (*PRICES, *COSTS) if figure in said]


def test_what_names_others_is_not_there_for_an_inspector(sunny: Company, roof: Project) -> None:
    with scopes_disabled():
        other = Project.objects.get(title="Not named")
    client = signed_in(sunny.people["inspector"])
    assert client.get(f"/projects/{other.pk}/").status_code == 404
    assert client.get(f"/projects/{other.pk}/systems/").status_code == 404


def test_who_is_assigned_nowhere_sees_no_project(sunny: Company, roof: Project) -> None:
    client = signed_in(sunny.people["unassigned"])
    assert names_on(client.get("/projects/")) == []
    assert "Named" not in client.get("/projects/export.csv").getvalue().decode()
    assert client.get(f"/projects/{roof.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/projects/{}/", "/projects/{}/systems/"])
def test_the_outsider_finds_nothing(
    kestrel: Company, roof: Project, path: str, django_user_model: Callable[..., Any]
) -> None:
    for client in (signed_in(kestrel.people["administrator"]), signed_in(kestrel.people["sales"])):
        assert client.get(path.format(roof.pk)).status_code == 404
    assert names_on(signed_in(kestrel.people["administrator"]).get("/projects/")) == []
    nobody = signed_in(django_user_model.objects.create_user("nobody@example.com"))  # type: ignore[attr-defined]
    assert nobody.get(path.format(roof.pk)).status_code == 404
    assert nobody.get("/projects/").status_code == 404
    assert nobody.get("/projects/export.csv").status_code == 404
    stranger = Client().get(path.format(roof.pk))
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")


def test_a_project_opens_in_whichever_organisation_of_mine_holds_it(
    sunny: Company, kestrel: Company, roof: Project
) -> None:
    both = sunny.people["sales"]
    with scopes_disabled():
        Membership.objects.create(organisation=kestrel.organisation, user=both, derived_kind=Kind.SALES)
    theirs = make_project(kestrel.connection, title="Kestrel roof")
    client = signed_in(both)
    for project, ours in ((theirs, "Kestrel Solar"), (roof, "Sunny Solar")):
        page = client.get(f"/projects/{project.pk}/")
        assert project.title in text_of(page)
        assert f"{project.title} · {ours}" in text_of(page)
        assert project.title in names_on(client.get("/projects/"))
