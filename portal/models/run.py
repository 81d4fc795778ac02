"""What a sync did: a run with its counts, and the records it could not take in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection


class RunState(models.TextChoices):
    """How a run stands or ended."""

    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Running")
    SUCCESS = "success", _("Complete")
    PARTIAL = "partial", _("Complete but for some records")
    FAILED = "failed", _("Failed")


class SyncRun(models.Model):
    """One run over a connection; `counts` holds fetched, created, … a resource, `progress` where it is now."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="runs")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    full = models.BooleanField(_("read everything again"), default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    queued_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("ended"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    message = models.CharField(_("message"), max_length=500, blank=True)

    objects = ScopedManager(organisation="connection__organisation")

    class Meta:
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=models.Q(state="queued"), name="one_queued_run_a_connection"
            )
        ]
        indexes = [models.Index(fields=["connection", "-id"], name="runs_newest_first")]

    def __str__(self) -> str:
        return f"{self.connection} · {self.get_state_display()}"


class SyncProblem(models.Model):
    """Something a person should know: a record that could not be taken in, or removals that wait for a yes."""

    class What(models.TextChoices):
        RECORD = "record", _("Record not taken in")
        WITHHELD = "withheld", _("No longer visible to this account")
        REMOVALS = "removals", _("Many removals wait for your decision")
        FETCH = "fetch", _("Could not be asked for")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="problems", db_index=False)
    run = models.ForeignKey(SyncRun, models.SET_NULL, null=True, blank=True, related_name="problems")
    what = models.CharField(_("what"), max_length=10, choices=What, default=What.RECORD)
    resource = models.CharField(_("resource"), max_length=40)
    vendor_id = models.CharField(_("vendor's id"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=1000)
    payload = models.TextField(_("payload"), blank=True)
    seen_at = models.DateTimeField(_("last seen"))
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ScopedManager(organisation="connection__organisation")

    class Meta:
        verbose_name = _("sync problem")
        verbose_name_plural = _("sync problems")
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "resource", "what", "vendor_id"],
                condition=models.Q(resolved_at=None),
                name="one_open_problem_a_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.vendor_id}: {self.reason}"
