"""Admin pages of the price book and the catalogue: to look them up as they came, never to change them."""

from __future__ import annotations

from django.contrib import admin

from portal.admin.base import BY_CONNECTION, MirroredAdmin
from projects.models import Account, ComponentActivation, Costing, PaymentOption, PricingScheme


@admin.register(PricingScheme)
class PricingSchemeAdmin(MirroredAdmin):
    """How prices are made."""

    list_display = ("__str__", "pricing_formula", "priority", "auto_apply_enabled", "opensolar_id", "removed_at")
    list_filter = (BY_CONNECTION, "auto_apply_enabled", "is_archived", "removed_at")
    search_fields = ("title", "pricing_formula", "=opensolar_id")


@admin.register(PaymentOption)
class PaymentOptionAdmin(MirroredAdmin):
    """How customers may pay."""

    list_display = ("__str__", "payment_type", "priority", "auto_apply_enabled", "opensolar_id", "removed_at")
    list_filter = (BY_CONNECTION, "auto_apply_enabled", "is_archived", "removed_at")
    search_fields = ("title", "payment_type", "=opensolar_id")


@admin.register(Costing)
class CostingAdmin(MirroredAdmin):
    """What work costs the company."""

    list_display = ("__str__", "priority", "modified_date", "opensolar_id", "removed_at")
    search_fields = ("title", "description", "=opensolar_id")


@admin.register(ComponentActivation)
class ComponentActivationAdmin(MirroredAdmin):
    """The components in use."""

    list_display = ("__str__", "kind", "cost", "is_archived", "opensolar_id", "removed_at")
    list_filter = (BY_CONNECTION, "kind", "is_archived", "removed_at")
    search_fields = ("manufacturer_name", "code", "sku", "=opensolar_id")


@admin.register(Account)
class AccountAdmin(MirroredAdmin):
    """The organisation's own record."""

    list_display = ("__str__", "opensolar_id", "changed_at")
    search_fields = ("name", "=opensolar_id")
