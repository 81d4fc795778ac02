"""A member of the installer's team as OpenSolar knows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import Membership, MirroredRecord


class Role(MirroredRecord):
    """OpenSolar's role (document 000, Roles); `opensolar_id` is the number in its `url`, by which others name it."""

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"), help_text=_("The number in the role's address."))
    opensolar_object_id = models.BigIntegerField(
        _("id in the record"), null=True, help_text=_("OpenSolar's `id`, which can differ from its address.")
    )
    user_ref = models.BigIntegerField(_("OpenSolar user"), null=True)
    email = models.TextField(_("e-mail"), default="")
    user_email = models.TextField(_("sign-in e-mail"), default="")
    first_name = models.TextField(_("first name"), default="")
    family_name = models.TextField(_("family name"), default="")
    display = models.TextField(_("name"), default="")
    job_title = models.TextField(_("job title"), default="")
    accreditation = models.TextField(_("accreditation"), default="")
    phone = models.TextField(_("phone"), default="")
    user_phone = models.TextField(_("sign-in phone"), default="")
    is_admin = models.BooleanField(_("administrator"), default=False)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    has_logged_in = models.BooleanField(_("has logged in"), default=False)
    schedule_meeting_url = models.TextField(_("meeting link"), default="")
    schedule_meeting_label = models.TextField(_("meeting link text"), default="")
    portrait_image = models.TextField(_("picture"), default="")

    membership = models.OneToOneField(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="role",
        help_text=_("Who signs in as this role; bound by an accepted invitation, never by equal e-mail."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_role_a_number")]
        indexes = [models.Index(fields=["organisation", "id"], name="roles_of_organisation")]

    def __str__(self) -> str:
        return self.display or f"{self.first_name} {self.family_name}".strip() or self.email
