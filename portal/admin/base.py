"""What every admin page shares: bound to one organisation, no way to name another's record, mirrors read-only."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest

from portal.models import Connection
from portal.services.audit import note

if TYPE_CHECKING:
    from django.forms import ModelChoiceField, ModelForm

    from portal.access import Access

    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin


class OrganisationAdmin(Base):
    """Administrators of the organisation see its rows, and change what the subclass names as editable.

    Querysets run inside the request's organisation: scoped managers filter by themselves, `within` names the path
    to the organisation for models without one. `hidden` columns reach no page; which ones only this person may not
    see, and whether there is a page for them at all, say `withheld_from` and `is_for`.
    """

    within: ClassVar[str | None] = None
    editable: ClassVar[tuple[str, ...]] = ()
    hidden: ClassVar[tuple[str, ...]] = ()
    may_delete: ClassVar[bool] = False

    actions = None
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self) -> list[Any]:
        """Without the nameless address of old that answers for any id, there or not."""
        return [url for url in super().get_urls() if url.name]

    def is_for(self, access: Access) -> bool:
        """Whether an administrator with these rights finds such records at all."""
        return True

    def withheld_from(self, access: Access) -> Collection[str]:
        """Columns that an administrator with these rights does not see: prices, costs, what may hold them."""
        return ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_open(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.editable) and self._is_open(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_delete and self._is_open(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if self.within:
            queryset = queryset.filter(**{self.within: organisation_of(request).pk})
        columns = {field.name for field in self.opts.concrete_fields}
        if "connection" in columns:
            queryset = queryset.defer("connection__credentials")
        return queryset.defer(*columns.intersection(self._unseen(request)))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        unseen = self._unseen(request)
        return [name for name in super().get_list_display(request) if name not in unseen]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what `list_filter` offers: any other column, a hidden one too, could be guessed letter by letter."""
        offered = {name if isinstance(name, str) else name[0] for name in self.list_filter}  # type: ignore[index]
        return lookup.partition("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The object, or a 404: an object of another organisation is one that does not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*self._unseen(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Every column but the editable and the unseen ones, and what the subclass shows besides."""
        apart = {*self.editable, *self._unseen(request)}
        columns = [field.name for field in self.opts.fields if field.name not in apart]
        return [*columns, *(str(name) for name in self.readonly_fields)]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> ModelChoiceField[Any]:
        """Choices are what this person's own admin pages list, or nothing."""
        kwargs["queryset"] = self._choices(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[return-value]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Writes only what was changed in the form: the engine writes the other columns meanwhile."""
        names = [name for name in form.changed_data if name in self.editable]
        if names:
            obj.save(update_fields=names)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Also into the organisation's own log, which its administrators read."""
        fields = [name for part in message for name in part.get("changed", {}).get("fields", ())]
        note(request.access, "admin.changed", str(obj), record=str(self.opts.verbose_name), fields=fields)  # type: ignore[attr-defined]
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """As above."""
        for obj in queryset:
            note(request.access, "admin.deleted", str(obj), record=str(self.opts.verbose_name))  # type: ignore[attr-defined]
        return super().log_deletions(request, queryset)

    def _is_open(self, request: HttpRequest) -> bool:
        access = getattr(request, "access", None)
        return access is not None and access.is_administrator and self.is_for(access)

    def _unseen(self, request: HttpRequest) -> Collection[str]:
        return (*self.hidden, *self.withheld_from(access_in(request)))

    def _choices(self, db_field: ForeignKey[Any, Any], request: HttpRequest) -> QuerySet[Any]:
        model = db_field.remote_field.model
        found = self.admin_site._registry.get(model)
        return found.get_queryset(request) if found else model._base_manager.none()


class ConnectionFilter(admin.RelatedFieldListFilter):
    """Narrows a list to one connection, without opening the connections' credentials for it."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return [(found.pk, str(found)) for found in Connection.objects.defer("credentials")]


BY_CONNECTION = ("connection", ConnectionFilter)
Pages = dict[type[Model], type[OrganisationAdmin]]


class MirroredAdmin(OrganisationAdmin):
    """A record mirrored from a vendor: the sync alone writes it, so all of it is read-only."""

    list_select_related: ClassVar[Any] = ("connection",)
    list_filter: ClassVar[Any] = (BY_CONNECTION, "removed_at")
    ordering: ClassVar[Any] = ("-pk",)


def organisation_of(request: HttpRequest) -> Any:
    """The organisation in the session, for which the admin stands."""
    return access_in(request).organisation


def access_in(request: HttpRequest) -> Access:
    """The rights of the administrator who asks."""
    access: Access = request.access  # type: ignore[attr-defined]
    return access
