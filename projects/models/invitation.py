"""An invitation by e-mail: for a mirrored role without a login, or for a local person without a vendor role."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import Kind, Membership, Organisation
from projects.models.role import Role


class Invitation(models.Model):
    """One link in one mail; only a digest of its token is kept. Accepting it makes, or binds, a membership."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    role = models.ForeignKey(
        Role,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("role"),
        help_text=_("Empty: a local person without a role at OpenSolar."),
    )
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    given_kind = models.CharField(
        _("kind given here"), max_length=16, choices=Kind, blank=True, help_text=_("Empty: as the role says.")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    sent_at = models.DateTimeField(_("mail sent"), null=True, blank=True)
    send_tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    send_due_at = models.DateTimeField(_("next try"), null=True, blank=True)
    send_error = models.CharField(_("why not sent"), max_length=300, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    membership = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="invitations", verbose_name=_("accepted by")
    )
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="invitations_newest_first"),
            models.Index(
                fields=["send_due_at"],
                name="invitations_to_send",
                condition=models.Q(send_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email
