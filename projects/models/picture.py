"""The picture of a system's design, as it was fetched for one state of that design."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import Connection, Organisation
from projects.models.links import by_number


class SystemPicture(models.Model):
    """Our copy of OpenSolar's system image (document 000, System Image), in two sizes, both JPEG.

    `large` and `small` name files in the default storage, empty while there are none. `design` tells the design that
    they show from others; `looked_at` is the moment up to which the system's changes have been looked at.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    system_ref = models.BigIntegerField(_("system"))
    design = models.CharField(_("design"), max_length=64, blank=True)
    large = models.CharField(_("large file"), max_length=200, blank=True)
    small = models.CharField(_("small file"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), default=0, help_text=_("px"))
    height = models.PositiveIntegerField(_("height"), default=0, help_text=_("px"))
    fetched_at = models.DateTimeField(_("fetched"), null=True)
    looked_at = models.DateTimeField(_("looked at"), null=True)
    wanted_at = models.DateTimeField(_("wanted"), null=True, help_text=_("Somebody opened its project."))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True)
    trouble = models.CharField(_("why there is none"), max_length=300, blank=True)

    system = by_number("projects.System", "system_ref", "pictures")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("system picture")
        verbose_name_plural = _("system pictures")
        constraints = [models.UniqueConstraint(fields=["connection", "system_ref"], name="one_picture_a_system")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.system_ref}"
