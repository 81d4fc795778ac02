"""allauth's pages for removing a second factor, under the rule that keeps the last one where it is required."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.accounts import why_kept
from portal.models import User
from portal.second_factor import FACTORS

View = Callable[..., HttpResponseBase]


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that also signs in without a password, unless the person wants it as a second factor only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=_("Name"), max_length=100, required=False)
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _("Needs your fingerprint, face or PIN on the device each time.")


def one_at_a_time(view: View) -> View:
    """Two removals of one person take turns, so that each sees whether the other left a factor."""

    @wraps(view)
    def turn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            User.objects.select_for_update().filter(pk=request.user.pk or 0).first()
            answer = view(request, *args, **kwargs)
            if hasattr(answer, "render"):
                answer.render()
            return answer

    return turn


class RemovePasskey(RemoveWebAuthnView):
    """allauth's page removes whatever it is asked to; this one keeps the last factor where one is required."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]
        return {**context, "kept": why_kept(self.object)}

    def form_valid(self, form: Any) -> Any:
        if why_kept(self.object):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return super().form_valid(form)


class RemoveApp(DeactivateTOTPView):
    """The authenticator app; says why it stays, rather than that it does."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kept": why_kept(self.authenticator)}


class AskForFactor(AuthenticateView):
    """The second step of signing in: asks only for what the person has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Authenticator.objects.filter(user=self.stage.login.user, type__in=FACTORS)
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]
        return {**context, "factors": set(mine.values_list("type", flat=True))}


remove_passkey = one_at_a_time(RemovePasskey.as_view())
remove_app = one_at_a_time(RemoveApp.as_view())
ask_for_factor = AskForFactor.as_view()
