"""The tenant and who belongs to it: an installer company, its people and their kinds and rights."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager


class Kind(models.TextChoices):
    """What a person is in an organisation; says which pages and records they get."""

    ADMINISTRATOR = "administrator", _("Administrator")
    SALES = "sales", _("Sales")
    INSPECTOR = "inspector", _("Site inspector")
    INSTALLER = "installer", _("Installer")
    UNASSIGNED = "unassigned", _("Not assigned yet")


class Organisation(models.Model):
    """One installer company; everything else belongs to exactly one."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), unique=True, help_text=_("Used in commands and addresses."))
    administrators_need_second_factor = models.BooleanField(
        _("administrators need a second factor"),
        default=False,
        help_text=_("An authenticator app or a passkey, before they see anything else."),
    )
    welcomed_at = models.DateTimeField(
        _("first run ended"), null=True, blank=True, help_text=_("When an administrator went through, or left, it.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in an organisation: the kind derived from the vendor's role, or the one given here, which wins."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    given_kind = models.CharField(
        _("kind given here"), max_length=16, choices=Kind, blank=True, help_text=_("Wins over the derived kind.")
    )
    derived_kind = models.CharField(
        _("kind by vendor role"), max_length=16, choices=Kind, default=Kind.UNASSIGNED, editable=False
    )
    # A code of whoever derives the kind, who also has the words for it.
    derived_because = models.CharField(_("why"), max_length=200, blank=True, editable=False)
    prices = models.BooleanField(
        _("sees prices"), null=True, blank=True, help_text=_("Unknown: as the kind says (administrators and sales do).")
    )
    costs = models.BooleanField(
        _("sees costs"), null=True, blank=True, help_text=_("Unknown: as the kind says (administrators and sales do).")
    )
    ended_at = models.DateTimeField(
        _("access ended"), null=True, blank=True, help_text=_("Set when the vendor's role was hidden or removed.")
    )
    last_seen_at = models.DateTimeField(
        _("last seen"), null=True, blank=True, editable=False, help_text=_("To a few minutes.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_a_user_and_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"

    @property
    def kind(self) -> Kind:
        """The kind that counts: given here, else derived."""
        return Kind(self.given_kind or self.derived_kind)

    def get_kind_display(self) -> str:
        """The kind in words."""
        return str(self.kind.label)

    @property
    def sees_prices(self) -> bool:
        """Prices to the customer. Inspectors and installers never see them, whatever is set."""
        return self._may_see(self.prices)

    @property
    def sees_costs(self) -> bool:
        """What the work costs the company (`net_profit`, costings, components' and adders' costs)."""
        return self._may_see(self.costs)

    def _may_see(self, override: bool | None) -> bool:
        by_kind = self.kind in (Kind.ADMINISTRATOR, Kind.SALES)
        return by_kind and override is not False
