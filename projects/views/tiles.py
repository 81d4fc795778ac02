"""What the projects put on the home page: numbers, each the door to its list, and what to open next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import access_of
from portal.views.figures import Figure
from projects.services.home import pipeline
from projects.services.home.latest import lists_of_named, lists_of_seller
from projects.services.home.my_stages import my_stages
from projects.services.home.pipeline import Pipeline, Tally
from projects.services.team import members as team


def whole_pipeline(request: HttpRequest) -> dict[str, Any]:
    """Of those who see all projects: mine by stage, what stalled, what changed, and how many stand at each stage."""
    access = access_of(request)
    role = pipeline.my_role(access)
    found = pipeline.pipeline_of(access, role)
    return {
        "figures": [
            *([_mine(found.mine)] if found.mine else []),
            _stalled(found, mine=role is not None),
            _changed(found, mine=role is not None),
            _all(found, _("All projects"), _("In every stage")),
        ],
        "pipeline": found,
        "mine": my_stages(access, role, found.mine_by_stage) if role and found.mine and found.mine.count else [],
        "lists": lists_of_seller(access, role),
    }


def my_projects(request: HttpRequest) -> dict[str, Any]:
    """Of inspectors and installers: the projects that name them, those built next first."""
    access = access_of(request)
    found = pipeline.pipeline_of(access, None)
    coming = _("Installation today or later")
    return {
        "figures": [
            _figure(found.coming, "calendar", _("Coming up"), coming),
            _changed(found, mine=True),
            _all(found, _("My projects"), _("All that name me")),
        ],
        "pipeline": found,
        "lists": lists_of_named(access),
    }


def invitations(request: HttpRequest) -> dict[str, Any]:
    """Whom an administrator invited and who has not come yet."""
    access = access_of(request)
    asked = team.Asked(show=team.INVITED)
    number = team.keys_of(access, asked).paginator.count
    note = ngettext("Invited, has not accepted", "Invited, have not accepted", number)
    url = reverse("team") + asked.query()
    return {
        "figures": [Figure(_("Waiting for people"), "team", number, note if number else _("Nobody is invited"), url)]
    }


def _mine(tally: Tally) -> Figure:
    return _figure(tally, "user", _("My open projects"), _("They name me and are not sold yet"))


def _stalled(found: Pipeline, *, mine: bool) -> Figure:
    note = _("Mine, open, nothing for 14 days") if mine else _("Open, nothing for 14 days")
    return _figure(found.stalled, "clock", _("Stalled"), note, "watch" if found.stalled.count else "")


def _changed(found: Pipeline, *, mine: bool) -> Figure:
    note = _("Mine, something happened at OpenSolar") if mine else _("Something happened at OpenSolar")
    return _figure(found.changed, "history", _("Changed since yesterday"), note)


def _all(found: Pipeline, label: str, note: str) -> Figure:
    return _figure(Tally(found.total, ""), "roof", label, note)


def _figure(tally: Tally, icon: str, label: str, note: str, tone: str = "") -> Figure:
    return Figure(label, icon, tally.count, note, reverse("projects") + tally.query, tone)
