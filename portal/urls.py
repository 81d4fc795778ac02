"""Every address of the site; apps are named by string only."""

from django.contrib import admin
from django.urls import include, path

from portal.accounts import no_change_of_address
from portal.views import audit, demo_mails, health, home, live, organisation, search, webhooks

urlpatterns = [
    path("", home.home, name="home"),
    path("welcome/", include("portal.views.welcome_urls")),
    path("organisation/", organisation.switch, name="switch_organisation"),
    path("organisation/settings/", organisation.settings_page, name="organisation_settings"),
    path("organisation/opensolar/", include("projects.views.account_urls")),
    path("organisation/audit/", audit.audit_page, name="audit"),
    path("organisation/audit/export.csv", audit.audit_export, name="audit_export"),
    path("live/", live.live, name="live"),
    path("search/", search.search, name="search"),
    path("deliveries/", include("portal.views.delivery_urls")),
    path("notifications/", include("portal.views.notice_urls")),
    path("connections/", include("portal.views.connection_urls")),
    path("connections/", include("projects.views.delivery_urls")),
    path("projects/", include("projects.urls")),
    path("pricebook/", include("projects.views.pricebook_urls")),
    path("catalogue/", include("projects.views.catalogue_urls")),
    path("portfolio/", include("projects.views.portfolio_urls")),
    path("contacts/", include("projects.views.contact_urls")),
    path("team/", include("projects.views.team_urls")),
    path("invitations/", include("projects.views.invitation_urls")),
    path("webhooks/<slug:vendor>/<str:key>/", webhooks.receive, name="webhook"),
    path("demo/mails/", demo_mails.mails, name="demo_mails"),
    path("demo/mails/<str:name>/", demo_mails.mail, name="demo_mail"),
    path("api/v1/", include("portal.api.urls")),
    path("accounts/email/", no_change_of_address),
    path("accounts/confirm-email/", no_change_of_address),
    path("accounts/confirm-email/<str:key>/", no_change_of_address),
    path("accounts/", include("portal.views.account_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("healthz/", health.alive, name="healthz"),
    path("readyz", health.ready),
    path("readyz/", health.ready, name="readyz"),
]
