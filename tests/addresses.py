"""Every address of the site, and how to fill it with somebody's record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.contrib.admin.utils import quote as admin_quote
from django.contrib.admindocs.views import simplify_regex
from django.db.models import Model
from django.urls import get_resolver

from portal.models import Connection, Delivery, Membership, Notification, SyncProblem, SyncRun
from projects.models import (
    Account,
    ComponentActivation,
    Contact,
    Costing,
    Event,
    Invitation,
    PaymentOption,
    PricingScheme,
    PrivateFile,
    Project,
    Proposal,
    Role,
    SavedView,
    System,
    WebhookLog,
)
from tests.belongings import Belongings

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

# Whose record an address is about, by how it begins; the longest beginning counts.
ABOUT: dict[str, type[Model]] = {
    "/connections/<pk>/": Connection,
    "/connections/problems/<pk>/": SyncProblem,
    "/notifications/<pk>/": Notification,
    "/deliveries/<pk>/": Delivery,
    "/contacts/<pk>/": Contact,
    "/api/v1/deliveries/<pk>/": Delivery,
    "/team/roles/<pk>/": Role,
    "/team/members/<pk>/": Membership,
    "/team/invitations/<pk>/": Invitation,
    "/projects/<pk>/": Project,
    "/projects/views/<pk>/": SavedView,
    "/projects/files/<pk>/": PrivateFile,
    "/projects/systems/<pk>/": System,
    "/api/v1/syncs/<pk>/": SyncRun,
    "/api/v1/webhook-logs/<pk>/": WebhookLog,
    "/api/v1/projects/<pk>/": Project,
    "/api/v1/contacts/<pk>/": Contact,
    "/api/v1/roles/<pk>/": Role,
    "/api/v1/systems/<pk>/": System,
    "/api/v1/pricing-schemes/<pk>/": PricingScheme,
    "/api/v1/payment-options/<pk>/": PaymentOption,
    "/api/v1/costings/<pk>/": Costing,
    "/api/v1/component-activations/<pk>/": ComponentActivation,
    "/catalogue/<pk>/": ComponentActivation,
    "/pricebook/pricing-schemes/<pk>/": PricingScheme,
    "/pricebook/payment-options/<pk>/": PaymentOption,
    "/pricebook/costings/<pk>/": Costing,
    "/organisation/opensolar/<pk>/": Account,
    "/api/v1/proposals/<pk>/": Proposal,
    "/api/v1/events/<pk>/": Event,
    "/api/v1/files/<pk>/": PrivateFile,
    **{
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/<object_id>/": model for model in admin.site._registry
    },
}
# Parameters that name no record.
ABOUT_NOBODY = {
    "/accounts/confirm-email/<key>/": {"key": "nothing"},
    "/welcome/start/<token>/": {"token": "nothing"},
    "/invitations/<token>/": {"token": "nothing"},
    "/invitations/<token>/sign-out/": {"token": "nothing"},
    "/webhooks/<vendor>/<key>/": {"vendor": "opensolar", "key": "nothing"},
    "/demo/mails/<name>/": {"name": "nothing"},
    # A person's own, whatever organisations they belong to; tests/portal/accounts prove that nobody else's opens.
    "/accounts/sessions/<pk>/end/": {"pk": "0"},
    "/accounts/2fa/webauthn/keys/<pk>/edit/": {"pk": "0"},
    "/accounts/2fa/webauthn/keys/<pk>/remove/": {"pk": "0"},
    "/accounts/password/reset/key/<uidb36>-<key>/": {"uidb36": "1", "key": "nothing"},
    "/admin/<app_label>/": {"app_label": "portal"},
    "/admin/<url>": {"url": "nothing/"},
}


class Unknown(Exception):
    """An address that nobody has told this module how to fill."""


def every_address() -> list[str]:
    """Templates of all addresses, such as `/projects/<pk>/`, each once."""
    return sorted(set(_templates(get_resolver().url_patterns)))


def _templates(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _templates(pattern.url_patterns, route)
        else:
            yield PARAMETER.sub(r"<\1>", simplify_regex(route))


def about(template: str) -> type[Model] | None:
    """The model of the record that an address is about; None where it is about none. Raises Unknown."""
    if "<" not in template or template in ABOUT_NOBODY:
        return None
    beginnings = [beginning for beginning in ABOUT if template.startswith(beginning)]
    if not beginnings or "<" in template[len(max(beginnings, key=len)) :]:
        raise Unknown(
            f"Nobody knows how to fill {template}. Say in tests/addresses.py whose record it is about, so that it is "
            "proven to be a 404 for everybody else."
        )
    return ABOUT[max(beginnings, key=len)]


def filled(template: str, belongings: Belongings) -> str:
    """The address of the record among these belongings that it is about. Raises Unknown."""
    model = about(template)
    values = ABOUT_NOBODY.get(template, {})
    if model is not None:
        pk = belongings[model].pk
        values = {"pk": quote(str(pk)), "object_id": str(admin_quote(pk))}
    return PARAMETER.sub(lambda found: values[found[1]], template)
