"""Addresses of edits on their way."""

from django.urls import path

from portal.views import deliveries

urlpatterns = [
    path("", deliveries.delivery_list, name="deliveries"),
    path("<int:pk>/", deliveries.delivery_page, name="delivery"),
    path("<int:pk>/retry/", deliveries.retry, name="delivery_retry"),
    path("<int:pk>/anew/", deliveries.send_anew, name="delivery_anew"),
    path("<int:pk>/cancel/", deliveries.cancel, name="delivery_cancel"),
    path("<int:pk>/choose/", deliveries.choose, name="delivery_choose"),
]
