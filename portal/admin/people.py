"""Admin pages about people: who they are, what they are here, and the API tokens that act for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from portal.admin.base import OrganisationAdmin, Pages, organisation_of
from portal.models import ApiToken, Kind, Membership, Organisation, User
from portal.services.last_administrator import why_needed


class OrganisationPage(OrganisationAdmin):
    """The organisation itself; only the one in the session."""

    within = "pk"
    editable = ("name",)
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")


class UserAdmin(OrganisationAdmin):
    """People with a membership here. Their e-mail and password are theirs; where they belong elsewhere too, all is."""

    editable = ("first_name", "last_name")
    hidden = ("password", "is_staff", "is_superuser", "groups", "user_permissions")
    list_display = ("email", "first_name", "last_name", "kind_here", "is_active", "last_login")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("kind_here",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        here = Membership.objects.filter(organisation=organisation_of(request))
        people = super().get_queryset(request).filter(pk__in=here.values("user"))
        return people.prefetch_related(Prefetch("memberships", here, to_attr="here"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not _belongs_elsewhere(request, obj))

    @admin.display(description=_("kind"))
    def kind_here(self, person: Any) -> str:
        """What the person is in this organisation."""
        return ", ".join(membership.get_kind_display() for membership in person.here)


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses what would leave the organisation without an administrator."""

    def clean_given_kind(self) -> str:
        kind: str = self.cleaned_data["given_kind"]
        after = kind or self.instance.derived_kind
        loses = after != Kind.ADMINISTRATOR or not kind
        if loses and "given_kind" in self.changed_data and (reason := why_needed(self.instance)):
            raise forms.ValidationError(reason)
        return kind


class MembershipAdmin(OrganisationAdmin):
    """Who belongs here and as what."""

    form = MembershipForm
    may_delete = True
    editable = ("given_kind", "prices", "costs")
    list_display = ("user", "kind", "given_kind", "derived_kind", "prices", "costs", "ended_at")
    list_filter = ("given_kind", "derived_kind")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__first_name", "user__last_name")
    ordering = ("user__email",)

    @admin.display(description=_("kind"))
    def kind(self, membership: Membership) -> str:
        """The kind that counts."""
        return membership.get_kind_display()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        with transaction.atomic():
            membership = self.get_object(request, unquote(object_id))
            if reason := why_needed(membership):
                self.message_user(request, reason, messages.ERROR)
                return redirect("admin:portal_membership_change", quote(membership.pk))
            return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """The tokens go too: whoever is let in again later starts without old ones."""
        ApiToken.objects.filter(user=obj.user, organisation=obj.organisation).delete()
        obj.delete()


class ApiTokenAdmin(OrganisationAdmin):
    """Tokens can be revoked here (deleted), never read: what is stored is a hash, by which these pages name them."""

    within = "organisation"
    may_delete = True
    hidden = ("digest", "token_key")
    list_display = ("label", "user", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    ordering = ("-created",)

    @admin.display(description=_("name"), ordering="name")
    def label(self, token: ApiToken) -> str:
        """Where it is used."""
        return token.name or str(_("(no name)"))


def _belongs_elsewhere(request: HttpRequest, person: User) -> bool:
    with scopes_disabled():
        return Membership.objects.filter(user=person).exclude(organisation=organisation_of(request)).exists()


PAGES: Pages = {
    Organisation: OrganisationPage,
    User: UserAdmin,
    Membership: MembershipAdmin,
    ApiToken: ApiTokenAdmin,
}
