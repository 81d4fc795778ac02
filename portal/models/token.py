"""API tokens: kept as hashes, bound to one person in one organisation, shown once when made."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from portal.models.organisation import Organisation


class ApiToken(AbstractAuthToken):
    """A bearer token; its request sees what its user may see in its organisation, nothing else."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100, blank=True, help_text=_("Where it is used."))

    objects: ClassVar[Any] = AuthTokenManager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name or _('API token')} · {self.user}"
