"""A project's files as its page shows them, and the way to what is in them.

A link to a file's contents works for an hour and opens it to whoever has it, so it is kept nowhere: OpenSolar is
asked for one at each click.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from portal.access import Access
from portal.lib.errors import (
    CredentialsError,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    PlanError,
    QuotaSpent,
    Refused,
    ThrottledError,
    VendorError,
)
from portal.models import Connection, ConnectionState
from portal.sync.gate import Gate
from portal.sync.pending import switch_off
from portal.sync.quota import Lane
from portal.sync.upsert import mark_gone
from projects.access import visible_files
from projects.models import PrivateFile, Project
from projects.services.story.details import NOT_ASKED
from projects.sync.embedded import FILES, PRIVATE_FILES

PATIENCE = 6.0
"""Seconds that a person waits for OpenSolar; one request under way then may take as long again."""


class NoLink(Exception):
    """There is no link to this file now; the text is a sentence for whoever clicked."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. `may_open`: whoever may not see prices does not open proposals, contracts and bills."""

    file: PrivateFile
    title: str
    tags: str
    may_open: bool


def files_of(access: Access, project: Project) -> list[Listed]:
    """The project's files, newest first; without those that OpenSolar calls temporary."""
    gone = bool(project.removed_at or project.withheld_at)
    files = visible_files(access, removed=gone).filter(
        connection=project.connection_id, project_ref=project.opensolar_id, temporary=False
    )
    return [
        Listed(
            file,
            file.title.strip() or _("File without a name"),
            ", ".join(file.tags),
            not gone and may_open(access, file),
        )
        for file in files.order_by("-modified_date", "-opensolar_id")
    ]


def may_open(access: Access, file: PrivateFile) -> bool:
    """Whether this person may read what the file tells."""
    return access.sees_prices or not file.tells_prices


def fresh_link(file: PrivateFile) -> str:
    """A link to the file's contents that works for an hour, from OpenSolar. Raises NoLink."""
    connection: Connection = file.connection
    if file.removed_at:
        raise NoLink(_("OpenSolar no longer has this file."))
    if connection.state in NOT_ASKED:
        state = ConnectionState(connection.state).label
        raise NoLink(_("OpenSolar cannot be asked for this file: %(state)s.") % {"state": state})
    try:
        with Gate(connection, lane=Lane.INTERACTIVE, patience=PATIENCE) as gate:
            record = _asked_for(gate, file)
    except (QuotaSpent, ThrottledError) as error:
        raise NoLink(_("Too many files were opened in a short time. Try again in a minute.")) from error
    except Forbidden as error:
        raise NoLink(_("OpenSolar does not show this file to the connected login any more.")) from error
    except (CredentialsError, PlanError) as error:
        raise NoLink(_("OpenSolar refuses access; an administrator has to look at the connection.")) from error
    except VendorError as error:
        raise NoLink(_("OpenSolar does not answer now, so the file cannot be opened. Try again later.")) from error
    if record is None:
        mark_gone(connection, FILES, file.opensolar_id, "removed_at")
        raise NoLink(_("OpenSolar no longer has this file."))
    return _link_in(record, connection.base_url)


def _asked_for(gate: Gate, file: PrivateFile) -> dict[str, Any] | None:
    """The file's record: from its own address, or, where there is no such address, from its project; None if gone."""
    if PRIVATE_FILES not in gate.connection.switched_off:
        try:
            gate.take(PRIVATE_FILES)
            record: dict[str, Any] = gate.client.private_file(file.opensolar_id)
            return record
        except (MethodNotAllowed, Refused) as error:
            switch_off(gate.connection, PRIVATE_FILES, str(error))
        except NotFound as error:
            # Document 000 knows files inside projects only: no proof yet that this one is gone.
            found = _inside_project(gate, file)
            if found is not None:
                switch_off(gate.connection, PRIVATE_FILES, str(error))
            return found
    return _inside_project(gate, file)


def _inside_project(gate: Gate, file: PrivateFile) -> dict[str, Any] | None:
    if file.project_ref is None:
        return None
    gate.take("project")
    try:
        project = gate.client.record("projects", file.project_ref)
    except NotFound:
        return None
    rows = project.get("private_files_data")
    mine = (row for row in rows if isinstance(row, dict) and FILES.key_of(row) == file.opensolar_id) if rows else ()
    return next(iter(mine), None)


def _link_in(record: dict[str, Any], base_url: str) -> str:
    """An address of the web; one without a host belongs to the vendor's own."""
    given = record.get("file_contents")
    try:
        link = urljoin(f"{base_url}/", given.strip()) if isinstance(given, str) and given.strip() else ""
        parts = urlsplit(link)
        if parts.scheme in ("http", "https") and parts.hostname:
            return link
    except ValueError:
        pass
    raise NoLink(_("OpenSolar gave no link to this file. It may still be made there; try again later."))
