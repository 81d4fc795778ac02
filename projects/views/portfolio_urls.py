"""Addresses of the portfolio."""

from django.urls import URLPattern, path

from projects.views import portfolio

urlpatterns: list[URLPattern] = [
    path("", portfolio.portfolio_page, name="portfolio"),
    path("export.csv", portfolio.portfolio_file, name="portfolio_export"),
]
