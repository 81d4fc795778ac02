"""Errors of the API: a status, a sentence in `detail`, and where fields are meant, their names."""

from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import exception_handler


def sentences(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler; a missing object never tells whether it exists elsewhere."""
    if isinstance(error, Http404):
        error = NotFound()
    return exception_handler(error, context)
