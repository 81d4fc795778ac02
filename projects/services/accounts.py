"""The organisation's own record at OpenSolar, read while somebody waits for the page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.errors import CredentialsError, Forbidden, PlanError, VendorError
from portal.models import Connection
from portal.sync.gate import Gate
from portal.sync.quota import Lane
from portal.sync.upsert import upsert
from projects.sync.opensolar_account import RESOURCE, fetch_account

PATIENCE = 6.0


def read_account(connection: Connection) -> str:
    """Brings the record of a connection up to date; a sentence where OpenSolar does not give it, else empty.

    May run at any time, twice.
    """
    asked = timezone.now()
    try:
        with Gate(connection, lane=Lane.INTERACTIVE, patience=PATIENCE) as gate:
            record = fetch_account(gate)
    except (CredentialsError, Forbidden, PlanError):
        return _("OpenSolar refuses access; look at the connection.")
    except VendorError:
        return _("OpenSolar does not answer now. What stands here is what it said last.")
    upsert(connection, RESOURCE, [record], requested_at=asked)
    return ""
