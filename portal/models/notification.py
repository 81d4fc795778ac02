"""What the portal tells a person, in the portal and by e-mail, and what each of them wants to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.organisation import Membership, Organisation


class Topic(models.TextChoices):
    """What a notification can be about; each person chooses by topic."""

    CONNECTION = "connection", _("A connection needs a person")
    PROBLEM = "problem", _("Records could not be taken in")
    REMOVALS = "removals", _("Many records would be removed")
    TEAM = "team", _("Somebody joined or left the team")
    ASSIGNED = "assigned", _("A project was assigned to me")
    STAGE = "stage", _("A project of mine moved to another stage")
    SOLD = "sold", _("A project of mine was sold")
    DELIVERY = "delivery", _("An edit of mine could not be sent")


class MailState(models.TextChoices):
    """Where the e-mail of a notification is."""

    NONE = "none", _("Not wanted")
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


class Notification(models.Model):
    """Something told to one person, once (`key`); at the same time the log of what was sent."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, db_index=False, related_name="notifications")
    topic = models.CharField(_("topic"), max_length=16, choices=Topic)
    key = models.CharField(_("occasion"), max_length=200, help_text=_("The same occasion is told once."))
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("leads to"), max_length=300, blank=True)
    in_portal = models.BooleanField(_("shown in the portal"), default=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail_state = models.CharField(_("e-mail"), max_length=8, choices=MailState, default=MailState.NONE)
    mail_tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    mail_due_at = models.DateTimeField(_("next try"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("e-mail sent"), null=True, blank=True)
    mail_error = models.CharField(_("why not"), max_length=300, blank=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [models.UniqueConstraint(fields=["membership", "key"], name="an_occasion_is_told_once")]
        indexes = [
            models.Index(fields=["organisation", "-at"], name="notifications_newest_first"),
            models.Index(fields=["membership", "-at"], name="notifications_of_a_person"),
            models.Index(
                fields=["mail_due_at"], name="mails_that_wait", condition=models.Q(mail_state=MailState.WAITING)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NotificationChoice(models.Model):
    """How a person wants to hear of a topic; without a row, the topic's default holds."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, db_index=False, related_name="notification_choices")
    topic = models.CharField(_("topic"), max_length=16, choices=Topic)
    in_portal = models.BooleanField(_("in the portal"))
    by_mail = models.BooleanField(_("by e-mail"))

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("notification choice")
        verbose_name_plural = _("notification choices")
        constraints = [models.UniqueConstraint(fields=["membership", "topic"], name="one_choice_a_topic")]

    def __str__(self) -> str:
        return f"{self.membership} · {self.get_topic_display()}"
