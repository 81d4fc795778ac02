"""What is on its way to a vendor: an edit lives here from the moment somebody made it until the vendor has answered."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.change import ChangeSource
from portal.models.connection import Connection
from portal.models.fields import EncryptedJSONField
from portal.models.organisation import Organisation


class DeliveryState(models.TextChoices):
    """How it stands, in words for the person who made the edit."""

    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused")
    UNKNOWN = "unknown", _("Nobody knows")
    CONFLICT = "conflict", _("Changed by somebody else")
    CANCELLED = "cancelled", _("Cancelled")


class Verb(models.TextChoices):
    """What the vendor is asked to do."""

    CREATE = "create", _("Create")
    CHANGE = "change", _("Change")
    DELETE = "delete", _("Delete")


UNDER_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
FOR_A_PERSON = (DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.CONFLICT)
OPEN = (*UNDER_WAY, *FOR_A_PERSON)


class Delivery(models.Model):
    """One push to a vendor, stored in the transaction of the act that caused it; per object they go in order.

    `body` holds the wanted values by the vendor's names (encrypted: it may hold a date of birth), `base` the values
    that the editor saw, `theirs` what stood there instead when it was to be sent. `vendor_id` is empty for a create
    until the vendor has said it. `posted_at`: a request that must not be repeated blindly may have left us.
    `accepted_at`: the vendor said yes; what is missing is to read the record again.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="deliveries")
    resource = models.CharField(_("kind of record"), max_length=64)
    vendor_id = models.CharField(_("vendor's id"), max_length=64, blank=True)
    verb = models.CharField(_("act"), max_length=8, choices=Verb)
    about = models.CharField(_("about"), max_length=300, blank=True)
    url = models.CharField(_("leads to"), max_length=300, blank=True)
    body = EncryptedJSONField(_("wanted"), default=dict)
    base = models.JSONField(_("seen"), default=dict, blank=True)
    base_modified = models.DateTimeField(_("seen as of"), null=True, blank=True)
    theirs = models.JSONField(_("found"), default=dict, blank=True)
    once = models.UUIDField(_("occasion"), default=uuid4, help_text=_("The same act is stored once."))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(_("by"), max_length=8, choices=ChangeSource, default=ChangeSource.PERSON)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    looks = models.PositiveSmallIntegerField(_("looked for"), default=0)
    next_due_at = models.DateTimeField(_("next try"), null=True, blank=True)
    claimed_by = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    posted_at = models.DateTimeField(_("left us"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    message = models.CharField(_("what happened"), max_length=500, blank=True)
    answer = models.TextField(_("vendor's answer"), blank=True)
    errors = models.JSONField(_("refused fields"), default=dict, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    changed_at = models.DateTimeField(_("state since"), auto_now_add=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["organisation", "once"], name="an_act_is_stored_once")]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="outbox_newest_first"),
            models.Index(fields=["connection", "resource", "vendor_id", "id"], name="deliveries_of_a_record"),
            models.Index(
                fields=["connection", "next_due_at"],
                name="deliveries_under_way",
                condition=models.Q(state__in=["pending", "sending"]),
            ),
            # Counted in the frame of every page.
            models.Index(
                fields=["organisation", "actor"],
                name="deliveries_for_a_person",
                condition=models.Q(state__in=["refused", "unknown", "conflict"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.resource} {self.vendor_id}".rstrip()

    @property
    def is_open(self) -> bool:
        """Whether it is still under way, or waits for a person."""
        return self.state in OPEN

    @property
    def can_be_cancelled(self) -> bool:
        """Nothing of it has left us, or a person has to decide anyway."""
        if self.state == DeliveryState.PENDING:
            return self.posted_at is None and self.accepted_at is None
        return self.state in FOR_A_PERSON

    @property
    def can_be_retried(self) -> bool:
        """Sending the same again makes sense: it waits, or it was refused. A create that nobody knows of is looked
        for again, never sent again."""
        return self.state in (DeliveryState.PENDING, DeliveryState.REFUSED, DeliveryState.UNKNOWN)
