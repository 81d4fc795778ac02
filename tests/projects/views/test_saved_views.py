"""Kept views of the list: what they hold, who may do what with them, and what happens when their filters go."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Kind, Membership, User
from projects.models import SavedView, SavedViewPin
from tests.conftest import Company, forget_what_is_cached, signed_in
from tests.factories import NOON, make_project, make_role, make_system
from tests.projects.pages.reading import link_named, names_on, text_of


@pytest.fixture
def colleague(sunny: Company) -> Client:
    """Another salesperson of the same company."""
    user = User.objects.create_user("lise.meitner@sunny.example", first_name="Lise", last_name="Meitner")
    with scopes_disabled():
        Membership.objects.create(organisation=sunny.organisation, user=user, derived_kind=Kind.SALES)
    return signed_in(user)


def _keep(client: Client, name: str = "Big ones", query: str = "?kw_from=8", **fields: Any) -> SavedView | None:
    client.post("/projects/views/", {"name": name, "query": query, **fields})
    with scopes_disabled():
        return SavedView.objects.filter(name=name).order_by("-pk").first()


def _kept(client: Client, **fields: Any) -> SavedView:
    view = _keep(client, **fields)
    assert view is not None
    return view


def _change(client: Client, view: SavedView, act: str, **fields: Any) -> Any:
    return client.post(f"/projects/views/{view.pk}/change/", {"act": act, **fields}, follow=True)


def _tab(page: Any, name: str) -> str:
    nav = page.content.decode().split('id="views"')[1].split("</nav>")[0]
    part = nav.split(f">{name}")
    return " ".join(part[1].split("</a>")[0].replace("<span", " <span").split()) if len(part) > 1 else ""


def test_a_list_is_kept_with_filters_order_and_columns_and_opened_again(sunny: Company, grace: Client) -> None:
    make_system(make_project(sunny.connection, title="Large", state="NSW"))
    make_project(sunny.connection, title="None", state="NSW")
    answer = grace.post(
        "/projects/views/",
        {"name": " Big   ones ", "query": "?kw_from=8&columns=state&sort=customer&page=x", "pinned": "1"},
        follow=True,
    )
    assert "“Big ones” is kept." in text_of(answer)
    with scopes_disabled():
        view = SavedView.objects.get()
    assert view.query == "kw_from=8&columns=customer,state&sort=customer"
    opened = f"/projects/?kw_from=8&columns=customer,state&view={view.pk}&sort=customer"
    assert answer.redirect_chain[0][0] == opened
    address = link_named(grace.get("/projects/"), "Big ones")
    page = grace.get(f"/projects/{address}")
    assert names_on(page) == ["Large"]
    assert grace.get(f"/projects/views/{view.pk}/")["Location"] == f"/projects/{address}"
    assert 'aria-current="page"' in page.content.decode().split('id="views"')[1].split("Big ones")[0].split("<a")[-1]


def test_a_view_keeps_the_columns_that_stood_there(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    grace.post("/projects/columns/", {"columns": ["state"]})
    view = _kept(grace, query="?stage=0")
    grace.post("/projects/columns/", {"columns": ["phone"]})
    assert view.query == "stage=0&columns=customer,state"


def test_the_same_name_twice_is_refused_in_words(sunny: Company, grace: Client, colleague: Client) -> None:
    _kept(grace)
    answer = grace.post("/projects/views/", {"name": "Big ones", "query": "?stage=2"}, follow=True)
    assert "You keep a view named “Big ones” already." in text_of(answer)
    assert answer.redirect_chain[0][0] == "/projects/?stage=2"
    other = _kept(grace, name="Other")
    assert "already" in text_of(_change(grace, other, "rename", name="Big ones"))
    assert _keep(colleague) is not None
    with scopes_disabled():
        assert SavedView.objects.filter(name="Big ones").count() == 2
        assert SavedView.objects.filter(name="Other").exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "A view needs a name."),
        ({"name": " \0 "}, "A view needs a name."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "x" * 10_000}, "at most 60 characters"),
    ],
)
def test_a_name_that_makes_no_sense_is_refused(
    sunny: Company, grace: Client, fields: dict[str, str], sentence: str
) -> None:
    assert sentence in text_of(grace.post("/projects/views/", {"query": "?stage=0", **fields}, follow=True))
    with scopes_disabled():
        assert not SavedView.objects.exists()


def test_a_query_that_makes_no_sense_is_kept_as_far_as_it_does(sunny: Company, grace: Client) -> None:
    view = _kept(grace, query="?stage=2&colour=" + "x" * 10_000)
    assert view.query.startswith("stage=2&columns=customer,")
    assert len(view.query) < 200


def test_a_view_with_too_many_picked_projects_is_refused(sunny: Company, grace: Client) -> None:
    ids = "." + ".".join(["zzzzzz"] * 500)
    answer = grace.post("/projects/views/", {"name": "Picked", "query": f"?ids={ids}"}, follow=True)
    assert "asks for too much to be kept" in text_of(answer)


def test_a_pinned_view_is_a_tab_with_its_count_and_can_be_taken_down(sunny: Company, grace: Client) -> None:
    for _ in range(3):
        make_system(make_project(sunny.connection))
    make_project(sunny.connection)
    view = _kept(grace)
    assert _tab(grace.get("/projects/"), "Big ones") == ""
    assert "stands among your tabs" in text_of(_change(grace, view, "pin"))
    _change(grace, view, "pin")
    assert ">3<" in _tab(grace.get("/projects/"), "Big ones")
    with scopes_disabled():
        assert SavedViewPin.objects.count() == 1
    _change(grace, view, "unpin")
    _change(grace, view, "unpin")
    assert _tab(grace.get("/projects/"), "Big ones") == ""


def test_counts_follow_the_rights_of_who_looks(sunny: Company, colleague: Client) -> None:
    """Shared by an administrator, seen by a salesperson without prices: counted without the filter by price."""
    admin = signed_in(sunny.people["administrator"])
    make_system(make_project(sunny.connection, title="Dear"))
    make_project(sunny.connection, title="Unknown")
    view = _kept(admin, name="Dear ones", query="?price_from=20000", shared="1")
    _change(admin, view, "pin")
    assert ">1<" in _tab(admin.get("/projects/"), "Dear ones")
    with scopes_disabled():
        Membership.objects.filter(user__email="lise.meitner@sunny.example").update(prices=False)
    _change(colleague, view, "pin")
    page = colleague.get("/projects/" + link_named(colleague.get("/projects/"), "Dear ones"))
    assert ">2<" in _tab(page, "Dear ones")
    assert sorted(names_on(page)) == ["Dear", "Unknown"]
    assert "You do not see prices" in text_of(page)


def test_a_private_view_is_not_there_for_anybody_else(
    sunny: Company, kestrel: Company, grace: Client, colleague: Client
) -> None:
    view = _kept(grace)
    others = [colleague, *(signed_in(sunny.people[who]) for who in ("administrator", "inspector", "unassigned"))]
    others.append(signed_in(kestrel.people["administrator"]))
    for other in others:
        assert other.get(f"/projects/views/{view.pk}/").status_code == 404
        for act in ("pin", "rename", "update", "share", "unshare", "delete", "unpin"):
            answer = other.post(f"/projects/views/{view.pk}/change/", {"act": act, "name": "Mine now"})
            assert answer.status_code == 404
        assert "Big ones" not in text_of(other.get("/projects/"))
    assert "That view is no longer there" in text_of(colleague.get(f"/projects/?view={view.pk}"))
    assert Client().get(f"/projects/views/{view.pk}/").status_code == 302
    with scopes_disabled():
        assert SavedView.objects.get().name == "Big ones"


def test_a_shared_view_is_read_by_all_who_see_the_pipeline_and_changed_by_its_owner(
    sunny: Company, kestrel: Company, grace: Client, colleague: Client
) -> None:
    view = _kept(grace, shared="1")
    assert "Big ones" in text_of(colleague.get("/projects/"))
    assert colleague.get(f"/projects/views/{view.pk}/").status_code == 302
    for act in ("rename", "update", "share", "unshare"):
        assert "can change this view" in text_of(_change(colleague, view, act, name="Mine now"))
    assert "can delete this view" in text_of(_change(colleague, view, "delete"))
    for outsider in (signed_in(kestrel.people["sales"]), signed_in(sunny.people["installer"])):
        assert outsider.get(f"/projects/views/{view.pk}/").status_code == 404
        assert "Big ones" not in text_of(outsider.get("/projects/"))
    _change(colleague, view, "pin")
    _change(grace, view, "unshare")
    assert _tab(colleague.get("/projects/"), "Big ones") == ""
    with scopes_disabled():
        assert not SavedViewPin.objects.exists()
        assert SavedView.objects.get().name == "Big ones"


def test_an_administrator_deletes_a_shared_view_and_that_is_noted(sunny: Company, grace: Client) -> None:
    admin = signed_in(sunny.people["administrator"])
    view = _kept(grace, shared="1")
    asked = text_of(_change(admin, view, "delete", back="views"))
    assert "Delete the view “Big ones”?" in asked
    assert "it goes for everybody" in asked
    with scopes_disabled():
        assert SavedView.objects.exists()
    assert "The view “Big ones” is deleted." in text_of(_change(admin, view, "delete", back="views", confirmed="1"))
    with scopes_disabled():
        assert not SavedView.objects.exists()
        entry = AuditEntry.objects.get(act="projects.view_deleted")
    assert entry.about == "Big ones"
    assert admin.post(f"/projects/views/{view.pk}/change/", {"act": "delete"}).status_code == 404


def test_the_owner_renames_updates_and_deletes(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Won", stage=2)
    view = _kept(grace, query="?stage=0")
    page = grace.get(f"/projects/?stage=2&view={view.pk}")
    assert "Make “Big ones” mean this list" in text_of(page)
    assert "Make “Big ones”" not in text_of(grace.get(f"/projects/?{view.query}&view={view.pk}"))
    _change(grace, view, "update", query=f"?stage=2&view={view.pk}")
    _change(grace, view, "rename", name="Won ones")
    with scopes_disabled():
        view = SavedView.objects.get()
    assert (view.name, view.query.split("&")[0]) == ("Won ones", "stage=2")
    assert names_on(grace.get("/projects/" + link_named(grace.get("/projects/"), "Won ones"))) == ["Won"]
    asked = _change(grace, view, "delete", query=f"?stage=2&view={view.pk}")
    assert "Nobody else has it." in text_of(asked)
    assert asked.context["came"]["query"] == f"?stage=2&view={view.pk}"
    gone = _change(grace, view, "delete", query=f"?stage=2&view={view.pk}", confirmed="1")
    assert gone.redirect_chain[0][0] == "/projects/?stage=2"
    assert "Won ones" not in text_of(grace.get("/projects/?stage=2"))


def test_inspectors_keep_private_views_of_their_own_projects(sunny: Company) -> None:
    make_project(sunny.connection, title="Mine", assigned_site_inspector_role_ref=13)
    make_project(sunny.connection, title="Other")
    client = signed_in(sunny.people["inspector"])
    refused = client.post("/projects/views/", {"name": "All", "query": "?stage=0", "shared": "1"}, follow=True)
    assert "Only administrators and sales share views" in text_of(refused)
    view = _kept(client, name="Early", query="?stage=0", pinned="1")
    assert ">1<" in _tab(client.get("/projects/"), "Early")
    assert "Only administrators and sales share views" in text_of(_change(client, view, "share"))
    with scopes_disabled():
        assert not SavedView.objects.get().is_shared


def test_who_is_assigned_nowhere_keeps_none(sunny: Company) -> None:
    client = signed_in(sunny.people["unassigned"])
    assert client.post("/projects/views/", {"name": "x", "query": "?stage=0"}).status_code == 404
    assert client.get("/projects/views/").status_code == 404


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("colour=blue&stage=0", "There is no filter “colour”"),
        ("stage=0&owner={gone}", "There is no owner"),
        ("stage=0&sort=weight", "cannot be sorted by “weight”"),
        ("stage=0&columns=customer,weather", "There is no column “weather”"),
        ("stage=0&created_from=soon", "is no day"),
        ("stage=0&ids=" + "x" * 10_000, "cannot be read"),
        ("stage=0&%00=%FF&a;b", "There is no filter"),
    ],
)
def test_a_view_on_what_no_longer_exists_opens_without_it(sunny: Company, grace: Client, query: str, hint: str) -> None:
    role = make_role(sunny.connection, display="Niels Bohr", removed_at=NOON)
    make_project(sunny.connection, title="Lead", stage=0)
    make_project(sunny.connection, title="Won", stage=2)
    with scopes_disabled():
        view = SavedView.objects.create(
            organisation=sunny.organisation,
            owner=sunny.membership("sales"),
            name="Old",
            query=query.format(gone=role.pk),
        )
        SavedViewPin.objects.create(organisation=sunny.organisation, view=view, membership=view.owner)
    page = grace.get("/projects/" + link_named(grace.get("/projects/"), "Old"))
    assert page.status_code == 200
    assert hint in text_of(page)
    assert names_on(page) == ["Lead"]
    assert ">1<" in _tab(page, "Old")
    assert grace.get("/projects/views/").status_code == 200


def test_a_person_pins_eight_and_keeps_a_hundred(sunny: Company, grace: Client) -> None:
    owner = sunny.membership("sales")
    with scopes_disabled():
        views = SavedView.objects.bulk_create(
            SavedView(organisation=sunny.organisation, owner=owner, name=f"View {number}", query="stage=0")
            for number in range(100)
        )
    for view in views[:8]:
        _change(grace, view, "pin")
    assert "8 views are pinned; take one down" in text_of(_change(grace, views[8], "pin"))
    assert "You keep 100 views" in text_of(grace.post("/projects/views/", {"name": "One more"}, follow=True))


def test_pinned_views_cost_a_fixed_number_of_questions(sunny: Company, grace: Client) -> None:
    owner = sunny.membership("sales")
    make_system(make_project(sunny.connection))

    def questions(cold: bool) -> int:
        if cold:
            forget_what_is_cached()
        with CaptureQueriesContext(connection) as asked:
            assert grace.get("/projects/").status_code == 200
        return len(asked)

    def pin(name: str, query: str) -> None:
        with scopes_disabled():
            view = SavedView.objects.create(organisation=sunny.organisation, owner=owner, name=name, query=query)
            SavedViewPin.objects.create(organisation=sunny.organisation, view=view, membership=owner)

    pin("first", "stage=0")
    questions(cold=True)
    cold, warm = questions(cold=True), questions(cold=False)
    for number, query in enumerate(("kw_from=8", "q=roof", "stalled=yes", "price_from=1&sort=customer", "lead=web")):
        pin(f"more {number}", query)
    assert questions(cold=True) == cold <= 25
    assert questions(cold=False) == warm <= 15


def test_the_page_of_all_views_counts_each(sunny: Company, grace: Client, colleague: Client) -> None:
    make_project(sunny.connection, stage=0)
    make_project(sunny.connection, stage=0)
    assert "Your views will stand here" in text_of(grace.get("/projects/views/"))
    _kept(grace, name="Leads", query="?stage=0")
    _kept(colleague, name="Won", query="?stage=2", shared="1")
    said = text_of(grace.get("/projects/views/"))
    assert "Leads 2 projects" in said
    assert "Won 0 projects · Lise Meitner" in said


@pytest.mark.parametrize("act", ["", "explode", "x" * 10_000])
def test_acts_that_do_not_exist_are_not_found(sunny: Company, grace: Client, act: str) -> None:
    view = _kept(grace)
    assert grace.post(f"/projects/views/{view.pk}/change/", {"act": act}).status_code == 404
    assert grace.get(f"/projects/views/{view.pk}/change/").status_code == 405


def test_a_view_kept_on_the_board_opens_on_the_board(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, stage=0)
    assert 'name="layout" value="board"' in grace.get("/projects/board/").content.decode()
    fields = {"name": "Leads", "query": "?stage=0", "layout": "board"}
    assert grace.post("/projects/views/", fields)["Location"].startswith("/projects/board/?stage=0&")
    assert grace.post("/projects/views/", fields)["Location"] == "/projects/board/?stage=0"
    with scopes_disabled():
        view = SavedView.objects.get()
    answer = grace.post(f"/projects/views/{view.pk}/change/", {"act": "update", **fields, "query": "?stage=2"})
    assert answer["Location"] == f"/projects/board/?stage=2&view={view.pk}"
