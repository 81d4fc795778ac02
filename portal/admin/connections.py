"""Admin page of connections: how they stand, a few knobs, and a new login that is taken in and never shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from portal.admin.base import OrganisationAdmin, Pages
from portal.models import Connection
from portal.services.connection_acts import CannotDo, credentials_from, replace_credentials

SECRETS = ("new_token", "new_username", "new_password")


def _secret(label: Any, *, strip: bool) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password", "class": "vTextField"})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, strip=strip)


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new login is either a token or an e-mail address with its password; empty keeps the stored one."""

    new_token = _secret(_("new token"), strip=True)
    new_username = forms.CharField(
        label=_("new e-mail address"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    new_password = _secret(_("new password"), strip=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        token, username, password = (cleaned.get(name) or "" for name in SECRETS)
        if token or username or password:
            try:
                self.credentials = credentials_from(
                    self.instance.vendor, token=token, username=username, password=password
                )
            except CannotDo as reason:
                raise forms.ValidationError(str(reason)) from reason
        return cleaned


class ConnectionAdmin(OrganisationAdmin):
    """The address stays as it was connected: a stored login must not be sent anywhere else."""

    form = ConnectionForm
    editable = ("machine_user", "requests_at_once", "page_size")
    hidden = ("credentials", "budget_owner", "token_claimed_until")
    list_display = ("__str__", "state", "message", "last_success_at", "created_by")
    list_filter = ("vendor", "state")
    list_select_related = ("created_by",)
    search_fields = ("vendor", "account_id", "base_url", "message")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = [name for name in self.get_readonly_fields(request, obj) if name != "id"]
        secrets = {"fields": SECRETS, "description": _("Leave these empty to keep the stored login.")}
        return ((None, {"fields": shown}), (_("Settings"), {"fields": self.editable}), (_("New login"), secrets))

    @method_decorator(sensitive_post_parameters(*SECRETS))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if hasattr(form, "credentials"):
            replace_credentials(obj, form.credentials, request.user)  # type: ignore[arg-type]


PAGES: Pages = {Connection: ConnectionAdmin}
