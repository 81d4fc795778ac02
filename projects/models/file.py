"""A file that OpenSolar keeps with a project."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord
from projects.models.links import by_number


class PrivateFile(MirroredRecord):
    """OpenSolar's private file (document 000, `private_files_data` of the webhook sample).

    The address of its contents works for an hour and opens it to whoever has it, so it is kept nowhere.
    """

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    project_ref = models.BigIntegerField(_("project"), null=True)
    title = models.TextField(_("title"), default="")
    filesize = models.BigIntegerField(_("size"), null=True, help_text=_("bytes"))
    tags = models.JSONField(_("tags"), default=list, help_text=_("Their titles."))
    tells_prices = models.BooleanField(
        _("tells prices"), default=False, help_text=_("By its tags it is a proposal, a contract, a bill or the like.")
    )
    system_uuid = models.TextField(_("system's uuid"), default="")
    status = models.TextField(_("status"), default="")
    status_message = models.TextField(_("status message"), default="")
    show_customer = models.BooleanField(_("shown to the customer"), default=False)
    temporary = models.BooleanField(_("temporary"), default=False)
    user_ref = models.BigIntegerField(_("OpenSolar user"), null=True)
    created_date = models.DateTimeField(_("created"), null=True)
    modified_date = models.DateTimeField(_("modified"), null=True)

    project = by_number("projects.Project", "project_ref", "files")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_file_a_number")]
        indexes = [
            models.Index(fields=["organisation", "id"], name="files_of_organisation"),
            models.Index(fields=["connection", "project_ref"], name="files_of_project"),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.opensolar_id}"
