"""What projects offers to the portal: its sync source, navigation, API routes (see portal.registry)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from portal.access import Access
from portal.models import Kind
from portal.registry import ChangeListener, FirstStep, HomeTile, NavItem, SearchSource, registry
from portal.sync.source import Backlog


def register() -> None:
    """Called once, when the app is ready."""
    from projects.services import news
    from projects.services.edits.offer import offer_words
    from projects.services.invitations.accepting import invites
    from projects.services.pictures.due import LANE, number_waiting
    from projects.services.rights import derive_rights
    from projects.services.search.offered import find_contacts, find_projects
    from projects.services.search.team import find_team
    from projects.services.team.members import anybody_was_invited, in_trouble
    from projects.sync.opensolar import SOURCE
    from projects.views import tiles

    pictures = Backlog(LANE, spends=LANE, waiting=number_waiting)
    registry.add_source(replace(SOURCE, finish=derive_rights, backlogs=(pictures,)))
    registry.api.append(("", "projects.api.urls"))
    registry.nav.append(NavItem(_("Projects"), "projects", "roof", visible=_works_on_projects, order=10))
    registry.nav.append(NavItem(_("Price book"), "pricebook", "money", visible=_sees_money, order=60))
    registry.nav.append(NavItem(_("Catalogue"), "catalogue", "box", visible=_works_on_projects, order=61))
    registry.nav.append(NavItem(_("Portfolio"), "portfolio", "reports", visible=_sees_prices, order=14))
    registry.nav.append(
        NavItem(_("Team"), "team", "team", visible=_is_administrator, count=lambda access: in_trouble(), order=85)
    )
    registry.changes.append(ChangeListener(news.tell_of, news.concerns))
    registry.invitations.append(invites)
    offer_words()
    registry.first_steps.append(
        FirstStep("team", _("Your team"), "projects/team/first_step.html", anybody_was_invited, order=30)
    )
    registry.tiles.append(HomeTile("", tiles.invitations, _is_administrator, order=15))
    registry.tiles.append(HomeTile("projects/tiles/pipeline.html", tiles.whole_pipeline, _sees_all, order=20))
    registry.tiles.append(HomeTile("projects/tiles/mine.html", tiles.my_projects, _is_named, order=20))
    registry.places.append(NavItem(_("Board"), "projects_board", "board", visible=_works_on_projects, order=11))
    registry.searches += [
        SearchSource(_("Projects"), find_projects, _works_on_projects, order=10),
        SearchSource(_("Contacts"), find_contacts, _works_on_projects, order=20),
        SearchSource(_("Team"), find_team, _works_on_projects, order=30),
    ]


def _works_on_projects(access: Access) -> bool:
    return access.kind != Kind.UNASSIGNED


def _sees_money(access: Access) -> bool:
    return access.sees_prices or access.sees_costs


def _is_administrator(access: Access) -> bool:
    return access.is_administrator


def _sees_all(access: Access) -> bool:
    return access.sees_all_projects


def _sees_prices(access: Access) -> bool:
    return access.sees_prices and access.kind != Kind.UNASSIGNED


def _is_named(access: Access) -> bool:
    return access.kind in (Kind.INSPECTOR, Kind.INSTALLER)
