"""Address of the price book."""

from django.urls import path

from projects.views import pricebook

urlpatterns = [path("", pricebook.price_book, name="pricebook")]
