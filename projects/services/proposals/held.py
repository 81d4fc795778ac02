"""A project's proposal: which one is held, how it stands, and asking OpenSolar for it when somebody opens its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from portal.models import Connection, ConnectionState, PendingFetch, Rank, SyncProblem
from portal.services.nudges import nudge_fetch
from portal.sync.pending import want
from projects.access import visible_proposals
from projects.models import Project, Proposal, System
from projects.services.story.details import NOT_ASKED, SOON
from projects.sync.proposals import PROPOSALS, key_for

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", re.ASCII)
# What people ask for most; OpenSolar does not say which languages it speaks, so any code may be typed.
LANGUAGES = {
    "en": gettext_lazy("English"),
    "es": gettext_lazy("Spanish"),
    "fr": gettext_lazy("French"),
    "de": gettext_lazy("German"),
    "it": gettext_lazy("Italian"),
    "nl": gettext_lazy("Dutch"),
    "pt": gettext_lazy("Portuguese"),
    "pl": gettext_lazy("Polish"),
    "sv": gettext_lazy("Swedish"),
}
AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a proposal stands: `words` say why it is missing or old; `coming`: OpenSolar is being asked.

    `not_in_plan` is OpenSolar's refusal in words; `may_ask`: a person can ask now.
    """

    words: str = ""
    coming: bool = False
    not_in_plan: str = ""
    may_ask: bool = False


def read_language(value: str) -> str:
    """A language code from an address; empty for none and for rubbish."""
    return value if LANGUAGE.fullmatch(value) else ""


def proposal_of(access: Access, project: Project, language: str) -> Proposal | None:
    """The proposal that is held in this language (empty: the project's own)."""
    mine = visible_proposals(access, removed=True).filter(connection=project.connection_id)
    return mine.filter(proposal_key=key_for(project.opensolar_id, language)).first()


def open_proposal(project: Project, proposal: Proposal | None, language: str) -> Standing:
    """Somebody looks at it: OpenSolar is asked where it is missing or the project is newer. May run at each opening."""
    if _cannot(project) is None and _is_old(project, proposal) and not _told_already(project, proposal, language):
        _ask(project, language)
    return how_it_stands(project, proposal, language)


def ask_again(project: Project, language: str) -> str:
    """Asks OpenSolar now, at most once a minute; what the person should be told. May run twice."""
    if (refusal := _cannot(project)) is not None:
        return refusal.not_in_plan or refusal.words
    if not cache.add(f"proposal-asked-{project.pk}-{language}", True, AGAIN_AFTER.total_seconds()):
        return _("OpenSolar was asked less than a minute ago.")
    _ask(project, language)
    return _("OpenSolar is asked for this proposal now.")


def how_it_stands(project: Project, proposal: Proposal | None, language: str) -> Standing:
    """The same without asking."""
    if (refusal := _cannot(project)) is not None:
        return refusal
    key = key_for(project.opensolar_id, language)
    row = PendingFetch.objects.filter(connection=project.connection_id, resource=PROPOSALS, vendor_id=key).first()
    # A quick worker may bring it after the page has looked for it.
    held = Proposal.objects.filter(connection=project.connection_id, proposal_key=key)
    if _is_under_way(row) if row is not None else proposal is None and held.exists():
        return Standing(_("OpenSolar is being asked for this proposal."), coming=True)
    if (problem := _problem(project, key)) is not None:
        return Standing(problem.reason, may_ask=True)
    if row is not None:
        return Standing(_("OpenSolar did not give this proposal yet; it is asked again by itself."), may_ask=True)
    if proposal is None:
        return Standing(_("OpenSolar had no proposal of this project."), may_ask=True)
    return Standing(may_ask=True)


def _cannot(project: Project) -> Standing | None:
    """Why OpenSolar is not asked at all; None where it can be."""
    connection: Connection = project.connection
    if project.removed_at or project.withheld_at:
        return Standing(_("OpenSolar does not show this project any more; it cannot be read again."))
    if PROPOSALS in connection.switched_off:
        return Standing(not_in_plan=str(connection.switched_off[PROPOSALS]))
    if connection.state in NOT_ASKED:
        return Standing(_("OpenSolar cannot be asked: %(state)s.") % {"state": ConnectionState(connection.state).label})
    return None


def _is_old(project: Project, proposal: Proposal | None) -> bool:
    """Whether the project or one of its systems changed after the proposal was asked for."""
    if proposal is None or project.changed_at > proposal.known_at:
        return True
    systems = System.objects.filter(connection=project.connection_id, project_ref=project.opensolar_id)
    return systems.filter(changed_at__gt=proposal.known_at).exists()


def _told_already(project: Project, proposal: Proposal | None, language: str) -> bool:
    """OpenSolar was asked moments ago and had nothing, or refused: asking at every look would change nothing."""
    if proposal is None and _problem(project, key_for(project.opensolar_id, language)) is not None:
        return True
    return not cache.add(f"proposal-looked-{project.pk}-{language}", True, AGAIN_AFTER.total_seconds())


def _ask(project: Project, language: str) -> None:
    key = key_for(project.opensolar_id, language)
    with transaction.atomic():
        want(project.connection, PROPOSALS, [(key, None)], Rank.SOMEBODY_LOOKS)
        transaction.on_commit(partial(nudge_fetch, project.connection_id))


def _problem(project: Project, key: str) -> SyncProblem | None:
    mine = SyncProblem.objects.filter(connection=project.connection_id, resource=PROPOSALS, vendor_id=key)
    return mine.filter(what=SyncProblem.What.FETCH, resolved_at=None).first()


def _is_under_way(row: PendingFetch) -> bool:
    return row.rank == Rank.SOMEBODY_LOOKS and (row.not_before is None or row.not_before <= timezone.now() + SOON)
