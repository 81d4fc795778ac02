"""The installer's component catalogue at OpenSolar: the modules, inverters, batteries and other parts in use."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import MirroredRecord

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class ComponentKind(models.TextChoices):
    """What a component is; each kind has a list of its own at OpenSolar."""

    MODULE = "module", _("Module")
    INVERTER = "inverter", _("Inverter")
    BATTERY = "battery", _("Battery")
    OTHER = "other", _("Other component")


def _amount(label: "StrPromise") -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        label, max_digits=18, decimal_places=4, null=True, help_text=_("currency of the account")
    )


class ComponentActivation(MirroredRecord):
    """OpenSolar's activation of a component (document 000, Modules, Inverters, Batteries, Other Components).

    Each kind counts its numbers anew, so that `key` holds both: "module:613". `data` is the data sheet, decoded; the
    text as it came lies in the record's payload. `cost` is the company's own figure.
    """

    VENDOR_KEY = "key"

    key = models.TextField(_("key"), help_text=_("Kind and OpenSolar's number."))
    kind = models.CharField(_("kind"), max_length=10, choices=ComponentKind)
    opensolar_id = models.BigIntegerField(_("OpenSolar id"), help_text=_("Unique among components of its kind."))
    component_ref = models.BigIntegerField(
        _("public component"), null=True, help_text=_("Null: a part that the installer made up.")
    )
    manufacturer_name = models.TextField(_("manufacturer"), default="")
    code = models.TextField(_("code"), default="")
    sku = models.TextField(_("SKU"), default="")
    cost = _amount(_("cost"))
    price_adjustment = _amount(_("price adjustment"))
    quantity = models.FloatField(_("quantity"), null=True)
    is_default = models.BooleanField(_("used by default"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)
    product_warranty = models.TextField(_("product warranty"), default="")
    performance_warranty = models.TextField(_("performance warranty"), default="")
    additional_parts_warranty = models.TextField(_("warranty of additional parts"), default="")
    logo = models.TextField(_("logo"), default="")
    data = models.JSONField(
        _("data sheet"), null=True, help_text=_("OpenSolar's data, decoded; null if it is no object.")
    )

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_component_a_key")]
        indexes = [models.Index(fields=["organisation", "id"], name="components_of_organisation")]

    def __str__(self) -> str:
        return f"{self.manufacturer_name} {self.code}".strip() or f"#{self.opensolar_id}"


def _of_kind(kind: ComponentKind) -> Any:
    """A manager of one kind's rows: a complete listing of modules says nothing about batteries."""

    class OfKind(models.Manager[ComponentActivation]):
        def get_queryset(self) -> "models.QuerySet[ComponentActivation]":
            return super().get_queryset().filter(kind=kind)

    return ScopedManager(organisation="organisation", _manager_class=OfKind)


class ModuleActivation(ComponentActivation):
    """The modules among the components."""

    objects: ClassVar[Any] = _of_kind(ComponentKind.MODULE)

    class Meta:
        proxy = True
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class InverterActivation(ComponentActivation):
    """The inverters among the components."""

    objects: ClassVar[Any] = _of_kind(ComponentKind.INVERTER)

    class Meta:
        proxy = True
        verbose_name = _("inverter")
        verbose_name_plural = _("inverters")


class BatteryActivation(ComponentActivation):
    """The batteries among the components."""

    objects: ClassVar[Any] = _of_kind(ComponentKind.BATTERY)

    class Meta:
        proxy = True
        verbose_name = _("battery")
        verbose_name_plural = _("batteries")


class OtherActivation(ComponentActivation):
    """The other parts among the components."""

    objects: ClassVar[Any] = _of_kind(ComponentKind.OTHER)

    class Meta:
        proxy = True
        verbose_name = _("other component")
        verbose_name_plural = _("other components")
