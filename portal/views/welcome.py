"""The first run: who follows the link of an empty portal becomes its administrator, and is led from there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import access_of, for_administrators
from portal.models import Connection, User
from portal.registry import registry
from portal.services import first_run
from portal.services.organisation import change, end_first_run
from portal.views.connection_forms import ConnectForm
from portal.views.connection_panels import cards
from portal.views.connection_words import vendor_label

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class BeginForm(forms.Form):
    """The first administrator and their company."""

    company = forms.CharField(label=gettext_lazy("Company name"), max_length=200)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least eight characters, and nothing that everybody uses."),
    )

    def clean(self) -> None:
        given = self.cleaned_data
        if "password" not in given:
            return
        person = User(**{name: given.get(name, "") for name in ("email", "first_name", "last_name")})
        try:
            validate_password(given["password"], person)
        except ValidationError as wrong:
            self.add_error("password", wrong)


class NameForm(forms.Form):
    """What the company is called."""

    name = forms.CharField(label=gettext_lazy("Company name"), max_length=200)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever was given the link names the company and themselves; 410 once anybody can sign in."""
    try:
        first_run.check(token)
        form = BeginForm(request.POST if request.method == "POST" else None, initial={"company": first_run.company()})
        if request.method == "POST" and form.is_valid():
            user = first_run.begin(token, **form.cleaned_data)
            login(request, user, backend=BACKEND)
            return redirect("welcome")
    except first_run.NotNeeded:
        return render(request, "portal/welcome/too_late.html", status=410)
    return render(request, "portal/welcome/begin.html", {"form": form}, status=422 if form.errors else 200)


@for_administrators
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """One step at a time; `step` in the address opens another."""
    return _page(request, request.GET.get("step", ""))


@for_administrators
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """The first step: the company's name."""
    access, form = access_of(request), NameForm(request.POST)
    if not form.is_valid():
        return _page(request, "name", form, status=422)
    needed = access.organisation.administrators_need_second_factor
    change(access, name=form.cleaned_data["name"], second_factor=needed)
    return redirect(reverse("welcome") + "?step=connect")


@for_administrators
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Done, or not now: it is not offered again, and all of it has its place in the sidebar."""
    end_first_run(access_of(request).organisation)
    messages.success(request, _("You find connections, team and settings in the sidebar."))
    return redirect("home")


def name_step(request: HttpRequest) -> dict[str, Any]:
    """What the step shows."""
    return {"form": NameForm(initial={"name": access_of(request).organisation.name})}


def connect_step(request: HttpRequest) -> dict[str, Any]:
    """As above."""
    vendor = next(iter(registry.sources))
    return {"form": ConnectForm(vendor), "vendor": vendor_label(vendor)}


def sync_step(request: HttpRequest) -> dict[str, Any]:
    """As above."""
    return {"cards": cards(Connection.objects.all()), "synced": first_run.is_synced(access_of(request))}


def _page(request: HttpRequest, wanted: str, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    steps = first_run.steps(access_of(request), wanted)
    current = next(step for step in steps if step.state == "current")
    context = {"steps": steps, "current": current.offer, **current.offer.context(request)}
    if form is not None:
        context["form"] = form
    return render(request, "portal/welcome/steps.html", context, status=status)
