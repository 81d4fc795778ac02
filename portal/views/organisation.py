"""The organisation in the session: its settings, and switching to another one of mine."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import SESSION_KEY, access_of, for_administrators
from portal.models import Organisation
from portal.services.organisation import change


class SettingsForm(forms.Form):
    """What an administrator decides for everybody."""

    name = forms.CharField(label=gettext_lazy("Company name"), max_length=200)
    second_factor = forms.BooleanField(
        label=gettext_lazy("Administrators need a second factor"),
        required=False,
        help_text=gettext_lazy(
            "An authenticator app or a passkey. Whoever has none is asked to set it up before anything else."
        ),
    )

    @classmethod
    def of(cls, organisation: Organisation, data: Any = None) -> SettingsForm:
        """The form as the organisation stands."""
        stands = {"name": organisation.name, "second_factor": organisation.administrators_need_second_factor}
        return cls(data, initial=stands)


@for_administrators
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Name and sign-in rules."""
    access = access_of(request)
    form = SettingsForm.of(access.organisation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if change(access, name=form.cleaned_data["name"], second_factor=form.cleaned_data["second_factor"]):
            messages.success(request, _("Saved."))
        return redirect("organisation_settings")
    return render(request, "portal/organisation/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Makes another organisation of mine the one that lists show; 404 for one that is not mine."""
    slug = request.POST.get("organisation", "")
    for membership in request.memberships:  # type: ignore[attr-defined]
        if membership.organisation.slug == slug:
            request.session[SESSION_KEY] = membership.organisation_id
            return redirect("home")
    raise Http404
