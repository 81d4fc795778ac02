"""Your account: name, password, second factor, passkeys and where this person is signed in, on one page."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from portal.models import User
from portal.second_factor import requiring
from portal.services.sign_ins import sign_ins_of


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person is called; their address is proven by mail and changes elsewhere."""

    class Meta:
        model = User
        fields = ("first_name", "last_name")
        labels = {"first_name": gettext_lazy("First name"), "last_name": gettext_lazy("Last name")}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }


@require_http_methods(["GET", "POST"])
def your_account(request: HttpRequest) -> HttpResponse:
    """Everything about my account; open to whoever is signed in, of an organisation or of none."""
    user = User.objects.get(pk=request.user.pk or 0)  # A copy: what is refused must not show in the frame.
    form = NameForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("your_account")
    context = {
        "form": form,
        "sign_ins": sign_ins_of(user, request.session.session_key or ""),
        "required_by": requiring(user),
        "has_password": user.has_usable_password(),
        **_factors(user),
    }
    return render(request, "account/you.html", context, status=422 if form.errors else 200)


def _factors(user: User) -> dict[str, Any]:
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    kinds = {factor.type: factor for factor in factors}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "totp": kinds.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "has_factor": bool(set(kinds) - {Authenticator.Type.RECOVERY_CODES}),
    }


@require_GET
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Where an administrator without the second factor that is wanted ends; others have nothing to do here."""
    held = getattr(request, "held", None)
    if held is None:
        return redirect("home")
    others = [m.organisation for m in request.memberships if m != held]  # type: ignore[attr-defined]
    return render(request, "account/second_factor_needed.html", {"wanting": held.organisation, "others": others})


@require_GET
def to_your_account(request: HttpRequest) -> HttpResponse:
    """What allauth shows on pages of its own stands together on one."""
    return redirect("your_account")
