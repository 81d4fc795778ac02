"""What projects offers to the search of the team: few enough to be compared one by one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from portal.access import Access
from portal.lib.search_words import Asked
from portal.registry import Findings, Hit
from projects.access import visible_roles
from projects.models import Role
from projects.services.names import real_mail
from projects.services.search.slips import holds_but_for_slips, words_with_slips

COLUMNS = ("opensolar_id", "connection_id", "display", "first_name", "family_name", "email", "user_email")
MOST = 2000


def find_team(access: Access, asked: Asked, limit: int) -> Findings:
    """Members of the team by name, job, e-mail and phone, hidden ones last; they lead to their page or projects."""
    team = list(
        visible_roles(access).only(*COLUMNS, "job_title", "phone", "user_phone", "is_hidden").order_by("pk")[:MOST]
    )
    ranked = [(rank, role) for role in team if (rank := asked.rank(_text(role))) is not None]
    ranked.sort(key=lambda pair: (pair[0], pair[1].is_hidden, str(pair[1]).lower()))
    hits = [_member(access, role) for _rank, role in ranked[:limit]]
    if not hits and words_with_slips(asked):
        near = [role for role in team if holds_but_for_slips(asked, _text(role))]
        hits = [_member(access, role, is_guess=True) for role in near[:limit]]
    return Findings(hits, more=max(0, len(ranked) - limit))


def _text(role: Role) -> str:
    phones = (role.phone, role.user_phone)
    digits = ("".join(filter(str.isdigit, phone)) for phone in phones)
    parts = (
        str(role),
        role.first_name,
        role.family_name,
        role.email,
        role.user_email,
        role.job_title,
        *phones,
        *digits,
    )
    return " ".join(part for part in parts if part).lower()


def _member(access: Access, role: Role, *, is_guess: bool = False) -> Hit:
    """An administrator opens the member's page, the others the projects that name them and that they may see."""
    if access.is_administrator:
        url = reverse("team_role", args=[role.pk])
    else:
        url = f"{reverse('projects')}?{urlencode({'person': role.pk})}"
    parts = (role.job_title, role.phone or role.user_phone, real_mail(role.email or role.user_email))
    return Hit(str(role), url, " · ".join(part for part in parts if part), icon="team", is_guess=is_guess)
