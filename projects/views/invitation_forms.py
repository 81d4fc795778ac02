"""What is asked of people around an invitation: whom to invite, and name and password of who comes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Kind, User
from projects.models import Invitation
from projects.services.invitations.accepting import Newcomer

KINDS = [kind for kind in Kind if kind != Kind.UNASSIGNED]
LONGEST_NAME = 150


class PersonForm(forms.Form):
    """A local person without a role at OpenSolar."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("What they are here"),
        choices=[("", gettext_lazy("Choose …")), *((kind.value, kind.label) for kind in KINDS)],
        help_text=gettext_lazy(
            "Administrators see everything and run the portal; sales sees the whole pipeline with prices and costs. "
            "Inspectors and installers see the projects that name their OpenSolar role, so without one: none."
        ),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class NewcomerForm(forms.Form):
    """Who has no login yet."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        super().__init__(data, initial=_names(invitation))
        self.email = invitation.email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> None:
        given = self.cleaned_data
        password, again = given.get("password"), given.get("again")
        if password is None or again is None:
            return
        if password != again:
            self.add_error("again", _("The two passwords differ."))
            return
        names = {name: given.get(name, "") for name in ("first_name", "last_name")}
        try:
            validate_password(password, User(email=self.email, **names))
        except ValidationError as wrong:
            self.add_error("password", wrong)

    @property
    def newcomer(self) -> Newcomer:
        """What a valid form says."""
        given = self.cleaned_data
        return Newcomer(given["first_name"], given["last_name"], given["password"])


def _names(invitation: Invitation) -> dict[str, str]:
    """As OpenSolar has them, else what the invitation says, its last word being the family name."""
    role = invitation.role
    if role is not None and role.first_name:
        return {"first_name": role.first_name[:LONGEST_NAME], "last_name": role.family_name[:LONGEST_NAME]}
    first, _space, last = invitation.name.rpartition(" ")
    return {"first_name": (first or last)[:LONGEST_NAME], "last_name": (last if first else "")[:LONGEST_NAME]}
