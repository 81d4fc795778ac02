"""Connecting a vendor's account from the browser: tried at the vendor first, then stored, or nothing at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.access import access_of, for_administrators
from portal.lib.errors import VendorError
from portal.registry import registry
from portal.services.connecting import CannotConnect, connect
from portal.services.connection_acts import as_environment, sync_now
from portal.views.connection_forms import ConnectForm
from portal.views.connection_words import vendor_label


@for_administrators
@sensitive_post_parameters("token", "password")
@require_http_methods(["GET", "POST"])
def new_connection(request: HttpRequest) -> HttpResponse:
    """The form, and what the vendor said to it; then the first sync runs. `vendor` in the address names another."""
    vendor = request.GET.get("vendor") or next(iter(registry.sources))
    if vendor not in registry.sources:
        raise Http404
    form = ConnectForm(vendor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _connected(request, vendor, form):
        if request.GET.get("from") == "welcome":
            return redirect(reverse("welcome") + "?step=sync")
        return redirect("connections")
    context = {"form": form, "vendor": vendor_label(vendor), "in_welcome": request.GET.get("from") == "welcome"}
    return render(request, "portal/connections/new.html", context, status=422 if form.errors else 200)


def _connected(request: HttpRequest, vendor: str, form: ConnectForm) -> bool:
    """Whether the account is connected now; what the vendor refused stands in the form."""
    access, given = access_of(request), form.cleaned_data
    login = as_environment(vendor, given["token"], given["username"], given["password"])
    try:
        connection, verified = connect(vendor, access.organisation.slug, given["account_id"], login, by=access)
    except (CannotConnect, VendorError) as problem:
        form.add_error(None, str(problem))
        return False
    sync_now(connection, access.user)
    for remark in verified.remarks:
        messages.warning(request, remark)
    messages.success(
        request,
        _("%(vendor)s answers as “%(name)s”. The first sync begins.")
        % {"vendor": vendor_label(vendor), "name": verified.account_name or given["account_id"]},
    )
    return True
