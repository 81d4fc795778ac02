"""Registers the app with Django."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"
