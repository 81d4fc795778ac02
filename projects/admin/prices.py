"""Admin pages of the price book and the catalogue: to look them up as they came, never to change them."""

from __future__ import annotations

from django.contrib import admin

from portal.access import Access
from portal.admin.base import BY_CONNECTION, MirroredAdmin
from projects.admin.money import MoneyAdmin
from projects.models import Account, ComponentActivation, Costing, PaymentOption, PricingScheme
from projects.services.prices.parts import PARTS


class PriceAdmin(MoneyAdmin, MirroredAdmin):
    """A record of nothing but money: it is there for who finds it in the price book."""

    def is_for(self, access: Access) -> bool:
        return all(part.sees(access) for part in PARTS.values() if part.model is self.model)


@admin.register(PricingScheme)
class PricingSchemeAdmin(PriceAdmin):
    """How prices are made."""

    list_display = ("__str__", "pricing_formula", "priority", "auto_apply_enabled", "opensolar_id", "removed_at")
    list_filter = (BY_CONNECTION, "auto_apply_enabled", "is_archived", "removed_at")
    search_fields = ("title", "pricing_formula", "=opensolar_id")


@admin.register(PaymentOption)
class PaymentOptionAdmin(PriceAdmin):
    """How customers may pay."""

    list_display = ("__str__", "payment_type", "priority", "auto_apply_enabled", "opensolar_id", "removed_at")
    list_filter = (BY_CONNECTION, "auto_apply_enabled", "is_archived", "removed_at")
    search_fields = ("title", "payment_type", "=opensolar_id")


@admin.register(Costing)
class CostingAdmin(PriceAdmin):
    """What work costs the company."""

    list_display = ("__str__", "priority", "modified_date", "opensolar_id", "removed_at")
    search_fields = ("title", "description", "=opensolar_id")


@admin.register(ComponentActivation)
class ComponentActivationAdmin(MoneyAdmin, MirroredAdmin):
    """The components in use."""

    list_display = ("__str__", "kind", "cost", "is_archived", "opensolar_id", "removed_at")
    list_filter = (BY_CONNECTION, "kind", "is_archived", "removed_at")
    search_fields = ("manufacturer_name", "code", "sku", "=opensolar_id")


@admin.register(Account)
class AccountAdmin(MirroredAdmin):
    """The organisation's own record."""

    list_display = ("__str__", "opensolar_id", "changed_at")
    search_fields = ("name", "=opensolar_id")
