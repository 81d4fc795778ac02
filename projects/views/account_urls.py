"""Addresses of the organisation's own record at OpenSolar."""

from django.urls import path
from django.views.decorators.http import require_safe

from portal.access import for_administrators, opens
from projects.models import Account
from projects.views import accounts, prices
from projects.views.edits import GET_OR_POST

ORG = {"resource": "org"}
opened = opens(Account)

urlpatterns = [
    path("", accounts.account_list, name="accounts"),
    path("<int:pk>/", opened(for_administrators(require_safe(prices.price_page))), ORG, name="account"),
    path("<int:pk>/edit/", opened(for_administrators(GET_OR_POST(prices.price_edit))), ORG, name="account_edit"),
]
