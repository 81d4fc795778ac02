"""Addresses of the administrator's connection pages."""

from django.urls import path

from portal.views import connection_changes as changes
from portal.views import connections as pages
from portal.views.connecting import new_connection

urlpatterns = [
    path("", pages.connections, name="connections"),
    path("new/", new_connection, name="connection_new"),
    path("<int:pk>/", pages.connection, name="connection"),
    path("<int:pk>/budget/", pages.budget, name="connection_budget"),
    path("<int:pk>/run/", pages.run_panel, name="connection_run"),
    path("<int:pk>/login/", pages.login, name="connection_login"),
    path("<int:pk>/sync/", changes.sync, name="connection_sync"),
    path("<int:pk>/pause/", changes.pause, name="connection_pause"),
    path("<int:pk>/resume/", changes.resume, name="connection_resume"),
    path("<int:pk>/machine-user/", changes.machine_user, name="connection_machine_user"),
    path("<int:pk>/switch-on/", changes.switch_on, name="connection_switch_on"),
    path("<int:pk>/webhook/", changes.webhook, name="connection_webhook"),
    path("problems/<int:pk>/payload/", pages.payload, name="problem_payload"),
    path("problems/<int:pk>/retry/", changes.retry, name="problem_retry"),
    path("problems/<int:pk>/dismiss/", changes.dismiss, name="problem_dismiss"),
    path("problems/<int:pk>/allow/", changes.allow_removal, name="problem_allow"),
]
