"""A customer's personal details as OpenSolar keeps them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord


class Contact(MirroredRecord):
    """OpenSolar's contact (document 000, Contacts). Birth dates and document numbers are not kept."""

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    first_name = models.TextField(_("first name"), default="")
    family_name = models.TextField(_("family name"), default="")
    display = models.TextField(_("name"), default="")
    email = models.TextField(_("e-mail"), default="")
    phone = models.TextField(_("phone"), default="")
    type = models.IntegerField(_("type"), null=True, help_text=_("0 normal, 1 made when a proposal was shared."))
    gender = models.IntegerField(_("gender"), null=True, help_text=_("0 unset, 1 female, 2 male."))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_contact_a_number")]
        indexes = [models.Index(fields=["organisation", "id"], name="contacts_of_organisation")]

    def __str__(self) -> str:
        return self.display or f"{self.first_name} {self.family_name}".strip() or self.email or self.phone
