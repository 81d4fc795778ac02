"""One roof to be sold, designed, built: OpenSolar's project, and which contacts belong to it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import Connection, MirroredRecord, Organisation
from projects.models.links import by_number


class Milestone(models.IntegerChoices):
    """What `stage` holds today; older accounts used the same numbers for Designing, Selling, Installing, …"""

    PRESALE = 0, _("Presale")
    LOCK_PRICING = 1, _("Lock pricing")
    SOLD = 2, _("Sold")
    INSTALLED = 3, _("Installed")
    OTHERS = 4, _("Others")


class Project(MirroredRecord):
    """OpenSolar's project (document 000, Projects and the webhook sample). `lat`, `lon` in degrees."""

    VENDOR_KEY = "opensolar_id"
    ROLE_REFS: ClassVar[tuple[str, ...]] = (
        "assigned_role_ref",
        "assigned_salesperson_role_ref",
        "assigned_designer_role_ref",
        "assigned_site_inspector_role_ref",
        "assigned_installer_role_ref",
    )

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    identifier = models.TextField(_("identifier"), default="")
    title = models.TextField(_("title"), default="")
    business_name = models.TextField(_("business"), default="")
    address = models.TextField(_("address"), default="")
    locality = models.TextField(_("locality"), default="")
    state = models.TextField(_("state"), default="")
    zip = models.TextField(_("postcode"), default="")
    county = models.TextField(_("county"), default="")
    country_iso2 = models.TextField(_("country"), default="")
    country_name = models.TextField(_("country name"), default="")
    lat = models.FloatField(_("latitude"), null=True, help_text=_("degrees"))
    lon = models.FloatField(_("longitude"), null=True, help_text=_("degrees"))
    timezone_offset = models.FloatField(_("time zone"), null=True, help_text=_("hours from UTC"))
    is_residential = models.BooleanField(_("residential"), null=True)
    number_of_storeys = models.IntegerField(_("storeys"), null=True)
    number_of_phases = models.IntegerField(_("phases"), null=True)
    roof_type_id = models.IntegerField(_("roof type"), null=True, help_text=_("OpenSolar's number, document 000"))
    stage = models.IntegerField(_("stage"), null=True)
    active_stage_id = models.BigIntegerField(_("workflow stage"), null=True)
    priority = models.IntegerField(_("priority"), null=True)
    lead_source = models.TextField(_("lead source"), default="")
    notes = models.TextField(_("notes"), default="")
    usage_annual_or_guess = models.FloatField(_("yearly usage"), null=True, help_text=_("kWh"))
    is_sold = models.BooleanField(_("sold"), default=False)
    system_sold_ref = models.BigIntegerField(_("system sold"), null=True)
    sold_date = models.DateField(_("sold on"), null=True)
    contract_date = models.DateField(_("contract date"), null=True)
    installation_date = models.DateField(_("installation date"), null=True)
    valid_until_date = models.DateField(_("proposal valid until"), null=True)
    created_date = models.DateTimeField(_("created"), null=True)
    modified_date = models.DateTimeField(_("modified"), null=True)
    assigned_role_ref = models.BigIntegerField(_("assigned to"), null=True)
    assigned_salesperson_role_ref = models.BigIntegerField(_("salesperson"), null=True)
    assigned_designer_role_ref = models.BigIntegerField(_("designer"), null=True)
    assigned_site_inspector_role_ref = models.BigIntegerField(_("site inspector"), null=True)
    assigned_installer_role_ref = models.BigIntegerField(_("installer"), null=True)
    search_text = models.TextField(
        default="", editable=False, help_text="Lower case; names, addresses, e-mails, phones."
    )

    assigned_role = by_number("projects.Role", "assigned_role_ref", "assigned_projects")
    assigned_salesperson_role = by_number("projects.Role", "assigned_salesperson_role_ref", "sold_projects")
    assigned_designer_role = by_number("projects.Role", "assigned_designer_role_ref", "designed_projects")
    assigned_site_inspector_role = by_number("projects.Role", "assigned_site_inspector_role_ref", "inspected_projects")
    assigned_installer_role = by_number("projects.Role", "assigned_installer_role_ref", "installed_projects")

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_project_a_number")]
        indexes = [
            models.Index(fields=["organisation", "id"], name="projects_of_organisation"),
            models.Index(
                fields=["organisation", "-modified_date", "-id"],
                name="projects_newest_first",
                condition=models.Q(removed_at__isnull=True, withheld_at__isnull=True),
            ),
            models.Index(
                fields=["connection", "assigned_site_inspector_role_ref"],
                name="projects_to_inspect",
                condition=models.Q(assigned_site_inspector_role_ref__isnull=False),
            ),
            models.Index(
                fields=["connection", "assigned_installer_role_ref"],
                name="projects_to_install",
                condition=models.Q(assigned_installer_role_ref__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.business_name or self.address or f"#{self.opensolar_id}"


class ProjectContact(models.Model):
    """A contact of a project, in the order in which OpenSolar lists them."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    project_ref = models.BigIntegerField()
    contact_ref = models.BigIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    project = by_number("projects.Project", "project_ref", "contact_links")
    contact = by_number("projects.Contact", "contact_ref", "project_links")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "project_ref", "contact_ref"], name="a_contact_once_a_project"
            )
        ]
        indexes = [models.Index(fields=["connection", "contact_ref"], name="projects_of_contact")]

    def __str__(self) -> str:
        return f"{self.project_ref} – {self.contact_ref}"
