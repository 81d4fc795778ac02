"""Views of the project list that people keep: filters, order, columns and layout under a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import Membership, Organisation


class SavedView(models.Model):
    """A list's address under a name; private to its owner, or shared with the organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    owner = models.ForeignKey(Membership, models.CASCADE, related_name="saved_views", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("filters, order, columns"), blank=True, help_text=_("As in the list's address."))
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    pinned_by = models.ManyToManyField(
        Membership, through="SavedViewPin", related_name="pinned_views", verbose_name=_("pinned by")
    )

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_a_name_and_person")]
        indexes = [models.Index(fields=["organisation", "name"], name="views_of_organisation")]

    def __str__(self) -> str:
        return self.name


class SavedViewPin(models.Model):
    """A view that stands as a tab above a person's list."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, db_index=False, related_name="pins")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("pinned view")
        verbose_name_plural = _("pinned views")
        constraints = [models.UniqueConstraint(fields=["view", "membership"], name="a_view_is_pinned_once")]

    def __str__(self) -> str:
        return f"{self.view} · {self.membership}"


class ListChoice(models.Model):
    """The columns that a person chose for the list."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    membership = models.OneToOneField(Membership, models.CASCADE, related_name="list_choice")
    columns = models.JSONField(_("columns"), default=list)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("chosen columns")
        verbose_name_plural = _("chosen columns")

    def __str__(self) -> str:
        return str(self.membership)
