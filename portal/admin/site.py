"""The admin site: for administrators of the organisation in the session, and only for its records."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from portal.admin import audit, books, connections, history, inbox, notices, outbox, people
from portal.admin.base import OrganisationAdmin, Pages

# Registered here and not on import: this module is imported while Django makes the very site to register with.
PAGES: Pages = {**people.PAGES, **connections.PAGES, **books.PAGES, **notices.PAGES, **audit.PAGES, **history.PAGES}
PAGES |= {**inbox.PAGES, **outbox.PAGES}


class PortalAdminSite(AdminSite):
    """Stock admin behind our sign-in; what a person may not do there is not there (404)."""

    site_header = _("Installer Portal")
    site_title = _("Installer Portal")
    index_title = _("Records and settings")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        for model, page in PAGES.items():
            self.register(model, page)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes in pages that keep to one organisation; those that packages bring along know no walls and stay out."""
        if admin_class is not None and issubclass(admin_class, OrganisationAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        access = getattr(request, "access", None)
        return access is not None and access.is_administrator

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """To the portal's own sign-in, and back to where the person wanted to go."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise Http404
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next", request.path.removesuffix("login/")), settings.LOGIN_URL)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The portal's own page does this, with its limits on guessing."""
        return redirect("account_change_password")

    def get_urls(self) -> list[Any]:
        """Without "view on site", which looks objects up outside any organisation."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied as error:
                raise Http404 from error

        return update_wrapper(hidden, guarded)
