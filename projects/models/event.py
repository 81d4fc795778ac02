"""Something noted on a project at OpenSolar: a call, a visit, a signature."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord
from projects.models.links import by_number


class Event(MirroredRecord):
    """OpenSolar's event (document 000, the webhook's Event sample and a project's `events_data`).

    `event_type_id` is a number of document 000's table Event Types; numbers that it does not know are kept.
    """

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    project_ref = models.BigIntegerField(_("project"), null=True)
    event_type_id = models.IntegerField(_("event type"), null=True)
    title = models.TextField(_("title"), default="")
    notes = models.TextField(_("notes"), default="")
    start = models.DateTimeField(_("start"), null=True)
    end = models.DateTimeField(_("end"), null=True)
    duration = models.FloatField(_("duration"), null=True, help_text=_("As OpenSolar sends it; its unit is unknown."))
    is_complete = models.BooleanField(_("complete"), default=False)
    completion_date = models.DateTimeField(_("completed"), null=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    task_status = models.IntegerField(_("task status"), null=True)
    who = models.TextField(_("who"), default="", help_text=_("The name that OpenSolar shows."))
    action_ref = models.BigIntegerField(_("action"), null=True)
    contact_ref = models.BigIntegerField(_("contact"), null=True)
    user_ref = models.BigIntegerField(_("OpenSolar user"), null=True)
    created_date = models.DateTimeField(_("created"), null=True)
    modified_date = models.DateTimeField(_("modified"), null=True)

    project = by_number("projects.Project", "project_ref", "events")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_event_a_number")]
        indexes = [
            models.Index(fields=["organisation", "id"], name="events_of_organisation"),
            models.Index(fields=["connection", "project_ref"], name="events_of_project"),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.opensolar_id}"
