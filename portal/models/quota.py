"""A vendor's published limit as a budget that all processes share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Quota(models.Model):
    """A leaky bucket: `full_until` is the moment (Unix seconds) up to which requests are already spoken for.

    `owner` names whose budget it is without telling who that is (a digest), `action` which published limit. What was
    used is counted in windows as long as the limit's own, for this one and the one before, people's and background
    work's apart; `window` is the number of this one since 1970.
    """

    owner = models.CharField(_("owner"), max_length=80)
    action = models.CharField(_("limit"), max_length=60)
    full_until = models.FloatField(_("spoken for until"), default=0.0)
    window = models.BigIntegerField(_("window"), default=0)
    used_interactive = models.BigIntegerField(_("used for people"), default=0)
    used_background = models.BigIntegerField(_("used in the background"), default=0)
    before_interactive = models.BigIntegerField(_("used for people in the window before"), default=0)
    before_background = models.BigIntegerField(_("used in the background in the window before"), default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [models.UniqueConstraint(fields=["owner", "action"], name="one_quota_an_owner_and_action")]

    def __str__(self) -> str:
        return f"{self.action} of {self.owner}"
