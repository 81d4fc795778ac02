"""Connects an organisation to a vendor's account: all checked first, then stored, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from portal.access import Access
from portal.lib.http import Transport
from portal.models import Connection, ConnectionState, Organisation, login_columns
from portal.registry import registry
from portal.services.audit import note, note_command
from portal.sync.source import Verified

LONGEST = 200  # characters of an address that the database takes
USUAL_PORTS = {"http": ":80", "https": ":443"}


class CannotConnect(Exception):
    """Why the connection was not made; the text is one sentence for a person."""


def connect(
    vendor: str,
    slug: str,
    account_id: str,
    environment: Mapping[str, str],
    *,
    base_url: str | None = None,
    machine_user: bool | None = None,
    by: Access | None = None,
) -> tuple[Connection, Verified]:
    """Checks credentials from the environment against the vendor and stores organisation and connection.

    May be run again: it updates the connection. `by` is who connects it, None for a command; the audit log names them
    in the same transaction. Raises CannotConnect, or the vendor's error when the check fails;
    then nothing is stored and what worked before still does.
    """
    setup = registry.source(vendor).setup
    address = _address(base_url or settings.VENDOR_BASE_URLS.get(vendor) or setup.base_url)
    _refuse_foreign(vendor, address, account_id, slug)
    try:
        credentials = setup.from_environment(environment)
    except ValueError as missing:
        raise CannotConnect(str(missing)) from missing
    transport = Transport(address, name=setup.label)
    try:
        verified = setup.verify(transport, account_id, credentials, machine_user)
    finally:
        transport.close()
    account: dict[str, Any] = {"vendor": vendor, "base_url": address, "account_id": account_id}
    try:
        return _stored(slug, account, verified, machine_user, by), verified
    except IntegrityError:
        # Somebody connected the same account a moment ago: as another organisation, or just as we did.
        _refuse_foreign(vendor, address, account_id, slug)
        return _stored(slug, account, verified, machine_user, by), verified


def _stored(
    slug: str, account: dict[str, Any], verified: Verified, machine_user: bool | None, by: Access | None
) -> Connection:
    with transaction.atomic(), scopes_disabled():
        organisation, _created = Organisation.objects.get_or_create(
            slug=slug, defaults={"name": verified.account_name or slug.replace("-", " ").title()}
        )
        values: dict[str, Any] = {
            **login_columns(verified.credentials),
            "state": ConnectionState.NEW,
            "message": "",
            "token_claimed_until": None,
            "switched_off": dict(verified.switched_off),
        }
        if machine_user is not None:
            values["machine_user"] = machine_user
        fresh = {**values, "created_by": by.user if by else None}
        connection, created = Connection.objects.update_or_create(
            **account, organisation=organisation, defaults=values, create_defaults=fresh
        )
        act = "connection.created" if created else "connection.credentials"
        if by is None:
            note_command(organisation, act, str(connection))
        else:
            note(by, act, str(connection))
    return connection


def _address(text: str) -> str:
    """The base address as it is stored: no slashes at its end, no usual port, the host in small letters.

    It may hold a path. One account has one address, however it was typed, so that it cannot be connected twice.
    """
    try:
        parts = urlsplit(text.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and len(text) <= LONGEST
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or "@" in parts.netloc:
        raise CannotConnect(_("This is no base address: it has to look like https://api.example.com."))
    netloc = parts.netloc.lower().removesuffix(USUAL_PORTS[parts.scheme]).removesuffix(":")
    return urlunsplit(parts._replace(netloc=netloc, path=parts.path.rstrip("/")))


def _refuse_foreign(vendor: str, address: str, account_id: str, slug: str) -> None:
    with scopes_disabled():
        other = Connection.objects.filter(vendor=vendor, base_url=address, account_id=account_id).exclude(
            organisation__slug=slug
        )
        if other.exists():
            raise CannotConnect(
                _("Account %(account)s is already connected to another organisation.") % {"account": account_id}
            )
