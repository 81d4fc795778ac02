"""Where a listing stands: the page reached, and which records it has shown, so that a killed run goes on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection


class Cursor(models.Model):
    """One listing (connection and resource): `page` is the last page stored of the listing under way, 0 for none."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="cursors")
    resource = models.CharField(_("resource"), max_length=40)
    page = models.PositiveIntegerField(_("page reached"), default=0)
    page_size = models.PositiveSmallIntegerField(_("records a page"), default=0)
    begun_at = models.DateTimeField(_("listing begun"), null=True, blank=True)
    completed_at = models.DateTimeField(_("last complete listing"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True)
    pages_last_time = models.PositiveIntegerField(_("pages of the last listing"), default=0)

    objects = ScopedManager(organisation="connection__organisation")

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [models.UniqueConstraint(fields=["connection", "resource"], name="one_cursor_a_resource")]

    def __str__(self) -> str:
        return f"{self.resource} at page {self.page}"


class ListingPage(models.Model):
    """The ids that one page of the listing under way has shown; gone when the listing is complete."""

    cursor = models.ForeignKey(Cursor, models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveIntegerField()
    vendor_ids = models.TextField(help_text=_("Separated by spaces."))

    objects = ScopedManager(organisation="cursor__connection__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cursor", "number"], name="one_row_a_page")]

    def __str__(self) -> str:
        return f"page {self.number}"
