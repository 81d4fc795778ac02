"""What was sold is frozen on the day of the sale; whatever changes later is listed against it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from projects.models import Project, SoldPromise, System
from tests.conftest import Company, signed_in
from tests.factories import make_project, make_promise, make_system
from tests.projects.pages.reading import text_of
from tests.world import API, World


@pytest.fixture(autouse=True)
def unscoped() -> Iterator[None]:
    with scopes_disabled():
        yield


def test_every_sold_project_has_its_promise_after_the_first_sync(synced: World) -> None:
    sold = Project.objects.filter(is_sold=True)
    assert sold.count() == SoldPromise.objects.count() > 0
    for project in sold:
        promise = SoldPromise.objects.get(project_ref=project.opensolar_id)
        system = System.objects.get(opensolar_id=project.system_sold_ref)
        assert promise.system_ref == system.opensolar_id
        assert promise.price_including_tax == system.price_including_tax
        assert (promise.kw_stc, promise.output_annual_kwh) == (system.kw_stc, system.output_annual_kwh)
        assert (promise.sold_date, promise.modules) == (project.sold_date, system.modules)


def test_a_sale_freezes_what_was_true_then_and_later_changes_are_listed(synced: World, boss: Client) -> None:
    project = Project.objects.filter(is_sold=False, systems__isnull=False).order_by("opensolar_id")[0]
    system = System.objects.filter(project_ref=project.opensolar_id).order_by("opensolar_id")[0]
    assert not SoldPromise.objects.filter(project_ref=project.opensolar_id).exists()
    # The price changed just before the sale; both arrive together.
    synced.change("systems", system.opensolar_id, price_including_tax=20000)
    url = f"{synced.base_url}/api/orgs/1/systems/{system.opensolar_id}/"
    synced.change("projects", project.opensolar_id, stage=2, project_sold=True, system_sold=url, sold_date="2026-11-20")
    assert synced.sync().code == 0
    promise = SoldPromise.objects.get(project_ref=project.opensolar_id)
    assert (promise.price_including_tax, promise.system_ref) == (Decimal("20000.00"), system.opensolar_id)
    page = text_of(boss.get(f"/projects/{project.pk}/promise/"))
    assert "As sold" in page
    synced.change("systems", system.opensolar_id, price_including_tax=21500, output_annual_kwh=7777)
    assert synced.sync().code == 0
    assert SoldPromise.objects.get(pk=promise.pk).price_including_tax == Decimal("20000.00")
    page = text_of(boss.get(f"/projects/{project.pk}/promise/"))
    assert "Changed since" in page
    for figure in ("20,000", "21,500", "7,777"):
        assert figure in page
    assert page.count("changed") == 2
    assert "Changed since" in text_of(boss.get(f"/projects/{project.pk}/proposal/"))


def test_a_second_sync_and_a_full_one_freeze_nothing_anew(synced: World) -> None:
    before = list(SoldPromise.objects.order_by("pk").values())
    assert synced.sync("--full").code == 0
    assert list(SoldPromise.objects.order_by("pk").values()) == before


def test_where_the_project_comes_before_its_systems_the_promise_waits_for_them(vendor: World) -> None:
    vendor.fault("status", path=f"{API}/systems/", status=403, times=None)
    vendor.settings(whole_lists=False)
    vendor.fault("status", path=f"{API}/projects/[0-9]+/.*", status=403, times=None)
    vendor.sync()
    assert not SoldPromise.objects.exists()
    vendor.heal()
    vendor.settings(whole_lists=True)
    assert vendor.sync("--full").code == 0
    assert SoldPromise.objects.count() == Project.objects.filter(is_sold=True).count() > 0


@pytest.fixture
def sold(sunny: Company) -> Project:
    """Sold with system 7001 for $24,900; system 7002 is the sold one now."""
    project = make_project(sunny.connection, is_sold=True, system_sold_ref=7002, assigned_site_inspector_role_ref=13)
    make_system(project, opensolar_id=7001)
    make_system(project, opensolar_id=7002, name="Bigger", price_including_tax=Decimal(30000))
    make_promise(project)
    return project


def test_another_system_is_a_change(sunny: Company, sold: Project) -> None:
    page = text_of(signed_in(sunny.people["sales"]).get(f"/projects/{sold.pk}/promise/"))
    assert "Bigger" in page
    assert "$30,000" in page


def test_the_crew_is_not_told_prices(sunny: Company, sold: Project) -> None:
    page = text_of(signed_in(sunny.people["inspector"]).get(f"/projects/{sold.pk}/promise/"))
    assert "Bigger" in page
    assert "000" not in page
    assert "Price" not in page


def test_a_sale_that_was_taken_back_is_said(sunny: Company, sold: Project) -> None:
    Project.objects.filter(pk=sold.pk).update(is_sold=False)
    assert "No longer sold" in text_of(signed_in(sunny.people["sales"]).get(f"/projects/{sold.pk}/promise/"))


def test_the_project_page_leads_to_proposal_and_promise(sunny: Company, sold: Project) -> None:
    page: Any = signed_in(sunny.people["sales"]).get(f"/projects/{sold.pk}/").content.decode()
    assert f'href="/projects/{sold.pk}/proposal/"' in page
    assert f'hx-get="/projects/{sold.pk}/promise/"' in page
