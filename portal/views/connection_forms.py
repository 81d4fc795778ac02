"""Forms of the connection pages; what is secret is taken in and never given back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import Connection
from portal.registry import registry
from portal.services.connection_acts import CannotDo, credentials_from


def _secret(label: Any, help_text: Any = "", *, kind: str = "new-password") -> forms.CharField:
    """A field whose value never stands in a page again, not even after a mistake elsewhere in the form."""
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": kind, "spellcheck": "false"})
    # A password may begin or end with a space; a pasted token does not.
    strip = kind == "off"
    return forms.CharField(
        label=label, help_text=help_text, widget=widget, required=False, max_length=2000, strip=strip
    )


class LoginForm(forms.Form):
    """A new login for a connection: a token, or an e-mail address with its password."""

    token = _secret(_("Token"), _("Best from a machine user, whose tokens do not expire."), kind="off")
    username = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("With its password the portal renews the login by itself."),
    )
    password = _secret(_("Password"))

    def __init__(self, vendor: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vendor = vendor

    def clean(self) -> dict[str, Any]:
        """Leaves the credentials to store in `credentials`."""
        given = {name: self.cleaned_data.get(name) or "" for name in ("token", "username", "password")}
        try:
            self.cleaned_data["credentials"] = credentials_from(self.vendor, **given)
        except CannotDo as reason:
            raise forms.ValidationError(str(reason)) from reason
        return self.cleaned_data


class ConnectForm(LoginForm):
    """An account to connect: its number, and a login for it."""

    account_id = forms.CharField(
        label=_("Account"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("account_id",)

    def __init__(self, vendor: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(vendor, *args, **kwargs)
        setup, field = registry.source(vendor).setup, self.fields["account_id"]
        field.label, field.help_text = setup.account_label or field.label, setup.account_help
        self.fields["token"].help_text = setup.token_help or self.fields["token"].help_text
        self.plan_help = setup.plan_help


class MachineUserForm(forms.Form):
    """Whether the login is to be a machine user; in both directions, or left alone."""

    CHOICES = (
        ("", _("As it is at the vendor")),
        ("on", _("Yes, its tokens do not expire")),
        ("off", _("No, its tokens expire")),
    )
    machine_user = forms.ChoiceField(
        label=_("Machine user"),
        choices=CHOICES,
        required=False,
        help_text=_("The next sync tells the vendor."),
    )

    @classmethod
    def showing(cls, connection: Connection) -> MachineUserForm:
        """The form as the connection stands."""
        stored = {None: "", True: "on", False: "off"}[connection.machine_user]
        return cls(initial={"machine_user": stored})

    @property
    def wanted(self) -> bool | None:
        """The answer, once the form is valid."""
        return {"on": True, "off": False}.get(self.cleaned_data["machine_user"])
