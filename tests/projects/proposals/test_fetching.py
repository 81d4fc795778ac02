"""Proposals come by themselves for sold projects, on demand for others, again when the project changes."""

from __future__ import annotations

import base64
import gzip
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.models import Payload, PendingFetch, SyncProblem
from portal.sandbox.server import Sandbox
from portal.services.syncing import fetch_pending
from projects.models import Project, Proposal, System
from tests.factories import NOON
from tests.world import API, World, connection

pytestmark = pytest.mark.usefixtures("unscoped")
PATH = f"{API}/user_logins/"


@pytest.fixture
def unscoped() -> Any:
    from django_scopes import scopes_disabled

    with scopes_disabled():
        yield


def asked(world: World) -> list[dict[str, Any]]:
    """Requests for proposals."""
    return [call for call in world.log() if call["path"].endswith("/user_logins/")]


def a_sold() -> Project:
    return Project.objects.filter(is_sold=True).order_by("opensolar_id")[0]


def an_unsold() -> Project:
    with_system = System.objects.values("project_ref")
    return Project.objects.filter(is_sold=False, opensolar_id__in=with_system).order_by("opensolar_id")[0]


def look(browser: Client, project: Project, language: str = "") -> Any:
    """Opens the page, and does what the worker does."""
    answer = browser.get(f"/projects/{project.pk}/proposal/", {"language": language} if language else {})
    fetch_pending(connection().pk)
    return answer


def test_sold_projects_come_with_the_sync_and_their_figures_from_systems(synced: World) -> None:
    sold = set(Project.objects.filter(is_sold=True).values_list("opensolar_id", flat=True))
    assert sold
    assert set(Proposal.objects.values_list("opensolar_id", flat=True)) == sold
    proposal = Proposal.objects.get(opensolar_id=a_sold().opensolar_id)
    system = System.objects.get(opensolar_id=a_sold().system_sold_ref)
    assert (proposal.system_ref, proposal.price, proposal.kw_stc) == (
        system.opensolar_id,
        system.price_including_tax,
        system.kw_stc,
    )
    assert system.price_excluding_tax is not None
    assert system.net_profit is not None
    assert proposal.cost == system.price_excluding_tax - system.net_profit
    assert proposal.output_annual_kwh == system.output_annual_kwh
    assert proposal.currency in ("AUD", "USD")
    assert proposal.payback_years is not None
    assert proposal.npv is not None


def test_an_unsold_one_is_asked_for_once_somebody_looks(synced: World, boss: Client) -> None:
    project = an_unsold()
    answer = look(boss, project)
    assert b"OpenSolar is being asked" in answer.content
    (call,) = asked(synced)
    assert call["query"] == {"project_ids": str(project.opensolar_id), "include_unsold": "1", "compress_data": "1"}
    assert Proposal.objects.get(opensolar_id=project.opensolar_id).options
    assert b"OpenSolar is being asked" not in look(boss, project).content
    assert len(asked(synced)) == 1


def test_a_language_of_choice_is_a_proposal_of_its_own(synced: World, boss: Client) -> None:
    project = a_sold()
    look(boss, project, "fr")
    assert asked(synced)[0]["query"]["language"] == "fr"
    found = Proposal.objects.get(proposal_key=f"{project.opensolar_id}:fr")
    assert (found.language_asked, found.language, found.opensolar_id) == ("fr", "fr", project.opensolar_id)
    assert "Merci de votre confiance." in boss.get(f"/projects/{project.pk}/proposal/?language=fr").content.decode()


def test_it_is_asked_for_anew_when_the_project_changes_and_not_else(synced: World) -> None:
    assert synced.sync().code == 0
    assert asked(synced) == []
    number = a_sold().opensolar_id
    synced.change("projects", number, notes="A word more.")
    assert synced.sync().code == 0
    assert [call["query"]["project_ids"] for call in asked(synced)] == [str(number)]


def test_a_changed_price_of_the_system_reaches_the_portfolio(synced: World) -> None:
    project = a_sold()
    assert project.system_sold_ref is not None
    # Also where the proposal itself cannot be asked for any more.
    synced.settings(plan="api")
    synced.change("systems", project.system_sold_ref, price_including_tax=12345.67)
    assert synced.sync().code == 0
    assert Proposal.objects.get(opensolar_id=project.opensolar_id).price == Decimal("12345.67")


def test_402_switches_the_feature_off_without_noise(vendor: World, boss: Client) -> None:
    vendor.settings(plan="api")
    outcome = vendor.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert len(asked(vendor)) == 1
    assert "Raw Data API Access" in connection().switched_off["proposals"]
    assert not PendingFetch.objects.exists()
    assert not SyncProblem.objects.exists()
    page = look(boss, a_sold()).content.decode()
    assert "not offered by your plan" in page
    assert "Raw Data API Access" in page
    assert len(asked(vendor)) == 1


def test_where_the_path_of_the_organisation_is_not_served_the_other_one_is_used(vendor: World) -> None:
    vendor.fault("status", path=PATH, status=404, times=None)
    assert vendor.sync().code == 0
    assert Proposal.objects.exists()
    assert {call["path"] for call in asked(vendor)} == {PATH, "/opensolar/api/user_logins/"}


def test_where_neither_is_served_it_is_switched_off(vendor: World) -> None:
    vendor.fault("status", path=".*/user_logins/", status=404, times=None)
    assert vendor.sync().code == 0
    assert len(asked(vendor)) == 2
    assert "proposals" in connection().switched_off


def test_403_is_said_for_the_one_project(synced: World, boss: Client) -> None:
    project = an_unsold()
    synced.fault("status", path=".*/user_logins/", status=403, times=None)
    look(boss, project)
    assert "does not show this project" in look(boss, project).content.decode()
    assert len(asked(synced)) == 1
    assert "proposals" not in connection().switched_off


def test_a_failing_vendor_is_asked_again_later(synced: World, boss: Client) -> None:
    project = an_unsold()
    synced.fault("status", path=".*/user_logins/", status=400, times=1)
    look(boss, project)
    assert not Proposal.objects.filter(opensolar_id=project.opensolar_id).exists()
    synced.heal()
    assert boss.post(f"/projects/{project.pk}/proposal/").status_code == 302
    fetch_pending(connection().pk)
    assert Proposal.objects.filter(opensolar_id=project.opensolar_id).exists()
    assert not SyncProblem.objects.filter(resolved_at=None).exists()


def test_a_bomb_costs_the_design_and_nothing_else(synced: World, boss: Client) -> None:
    project = an_unsold()
    bomb = base64.b64encode(gzip.compress(b"[" + b"0," * 2**22 + b"0]")).decode()
    told = {"id": project.opensolar_id, "proposal_data": {"design": bomb, "systems": [{"systemIrr": "7%"}]}}
    synced.fault("body", path=".*/user_logins/", body=[{"id": 1, "projects": [told]}], times=None)
    look(boss, project)
    proposal = Proposal.objects.get(opensolar_id=project.opensolar_id)
    assert "design could not be unpacked" in proposal.unreadable[0]
    assert bomb[:40] not in Payload.objects.get(resource="proposals", vendor_id=proposal.proposal_key).body
    page = boss.get(f"/projects/{project.pk}/proposal/").content.decode()
    assert "design could not be unpacked" in page


@pytest.mark.parametrize(
    "inside",
    [
        None,
        "text",
        {},
        {"systems": None},
        {"systems": [None, 7, {}]},
        {"systems": [{"data": 7, "systemKwStc": [], "output_monthly_json": "[", "name": 7}]},
        {"systems": [{"data": {"output": {"hourly": [1, 2]}, "bills": [], "pricing": [], "line_items": {"a": 1}}}]},
        {"systems": [{"data": {"output": {"hourly": None}, "shadingByPanelGroup": "?", "payment_options": [None]}}]},
    ],
)
def test_missing_and_odd_values_are_no_error(synced: World, boss: Client, inside: Any) -> None:
    project = an_unsold()
    told = {"id": str(project.opensolar_id), "proposal_data": inside, "change_orders": "x", "language": 7}
    synced.fault("body", path=".*/user_logins/", body=[{"projects": [told]}], times=None)
    look(boss, project)
    proposal = Proposal.objects.get(opensolar_id=project.opensolar_id)
    # Figures that the proposal does not say come from the system's own record.
    assert proposal.price == System.objects.get(opensolar_id=proposal.system_ref).price_including_tax
    assert boss.get(f"/projects/{project.pk}/proposal/").status_code == 200
    assert not SyncProblem.objects.filter(resolved_at=None).exists()


def test_no_secret_is_kept(synced: World) -> None:
    bodies = " ".join(Payload.objects.filter(resource="proposals").values_list("body", flat=True))
    assert "proposal_data" in bodies
    for secret in ("share.example.com", "api_key_chat", "chat-", "share_link_qrcode", "auto_login_url"):
        assert secret not in bodies


def test_a_deleted_project_is_not_asked_for(synced: World) -> None:
    project = a_sold()
    synced.delete("projects", project.opensolar_id)
    assert synced.sync("--full").code == 0
    PendingFetch.objects.create(connection=connection(), resource="proposals", vendor_id=str(project.opensolar_id))
    synced.log(clear=True)
    fetch_pending(connection().pk)
    assert asked(synced) == []
    assert not PendingFetch.objects.exists()


def test_spent_limits_of_others_do_not_hold_proposals_up(db: None, settings: Any) -> None:
    settings.VENDOR_QUOTAS = True
    with Sandbox(projects=40, today=date(2026, 11, 20)) as sandbox, time_machine.travel(NOON, tick=False):
        world = World(sandbox)
        assert world.connect().code == 0
        outcome = world.sync()
    assert outcome.code == 0
    assert outcome.counts["systems"]["deferred"] > 0
    assert outcome.counts["proposals"]["deferred"] == 0
    assert Proposal.objects.count() == Project.objects.filter(is_sold=True).count() > 0
