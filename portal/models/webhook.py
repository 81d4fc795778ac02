"""How a vendor reports changes to us: the registered webhook of a connection, and what it brought."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection
from portal.models.fields import EncryptedJSONField
from portal.models.organisation import Organisation


class WebhookState(models.TextChoices):
    """How the registration stands, in words for an administrator."""

    NEW = "new", _("Not registered yet")
    ON = "on", _("Working")
    SWITCHED_OFF = "switched_off", _("Switched off at the vendor")
    REFUSED = "refused", _("Not offered to this account")
    NOT_WANTED = "not_wanted", _("Switched off here")
    NO_ADDRESS = "no_address", _("The portal has no public address")


class Webhook(models.Model):
    """The registration of a connection's webhook at its vendor, and what administrators wish done to it.

    The receiver finds it by `key`, which stands in the address, and recognises the vendor by the `secret`, of which it
    reads only the digest. `sent_digest` is of all that was last registered, because not every vendor shows it again.
    `wishes` are acts that wait for a worker.
    """

    class Wish(models.TextChoices):
        CHECK = "check", _("Look whether it is registered")
        ENABLE = "enable", _("Switch it on again")
        TEST = "test", _("Test it")
        LOG = "log", _("Read the delivery log")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    connection = models.OneToOneField(Connection, models.CASCADE, related_name="webhook")
    wanted = models.BooleanField(_("wanted"), default=True)
    key = models.CharField(_("key in the address"), max_length=64, unique=True)
    secret = EncryptedJSONField(_("secret"), default=dict)
    secret_digest = models.CharField(max_length=64, editable=False)
    vendor_id = models.CharField(_("id at the vendor"), max_length=64, blank=True)
    sent_digest = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=WebhookState, default=WebhookState.NEW)
    message = models.CharField(_("last message"), max_length=500, blank=True)
    wishes = models.JSONField(_("to be done"), default=list, blank=True)
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    last_arrival_at = models.DateTimeField(_("last arrival"), null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, editable=False)
    tested_at = models.DateTimeField(_("last self-test"), null=True, blank=True)
    test_message = models.CharField(
        _("result of the self-test"), max_length=500, blank=True, help_text=_("Empty: it arrived.")
    )
    log_read_at = models.DateTimeField(_("delivery log read"), null=True, blank=True)
    missed = models.PositiveIntegerField(
        _("missed"), default=0, help_text=_("Deliveries in the vendor's log that never arrived, and were asked for.")
    )

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return f"{self.connection} · {self.get_state_display()}"


class InboxState(models.TextChoices):
    """What became of an event."""

    NEW = "new", _("Waiting")
    DONE = "done", _("Taken in")
    DUPLICATE = "duplicate", _("Came twice")
    OLD = "old", _("Older than what we have")
    UNKNOWN = "unknown", _("Not used")
    UNREADABLE = "unreadable", _("Not readable")
    TEST = "test", _("Self-test")


class InboxEvent(models.Model):
    """A delivery, stored before it is answered. Processed, it is a hint that a record changed; nothing more.

    `body` are the bytes as they came; processing replaces them by the same without secrets, after `digest`, and
    pruning empties them. `fingerprint` is the same for the same event delivered twice.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="inbox")
    body = models.BinaryField(_("body"))
    received_at = models.DateTimeField(_("arrived"))
    state = models.CharField(_("state"), max_length=12, choices=InboxState, default=InboxState.NEW)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    model = models.CharField(_("kind of record"), max_length=64, blank=True)
    vendor_id = models.CharField(_("vendor's id"), max_length=64, blank=True)
    verb = models.CharField(_("what happened"), max_length=16, blank=True)
    event_at = models.DateTimeField(_("happened"), null=True, blank=True)
    fingerprint = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the body as it came."))

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("incoming event")
        verbose_name_plural = _("incoming events")
        indexes = [
            models.Index(fields=["connection", "id"], condition=models.Q(state="new"), name="inbox_waiting"),
            models.Index(fields=["connection", "-received_at"], name="inbox_newest_first"),
            models.Index(
                fields=["connection", "fingerprint"], condition=~models.Q(fingerprint=""), name="inbox_by_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.vendor_id} {self.verb}".strip() or self.get_state_display()
