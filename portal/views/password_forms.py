"""allauth's forms about passwords, with labels as all others here have them: in sentence case."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
}


class _Labelled(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LABELS.keys() & self.fields.keys():
            self.fields[name].label = LABELS[name]
            self.fields[name].widget.attrs.pop("placeholder", None)


class ChangePassword(_Labelled, ChangePasswordForm):
    """By who knows the old one."""


class SetPassword(_Labelled, SetPasswordForm):
    """By who has none, because an identity provider vouched so far."""


class ResetPassword(_Labelled, ResetPasswordKeyForm):
    """By the link that was mailed."""
