"""The demo's post office: what the portal would have sent, to be read by whoever looks at the demo.

Its links let anybody in as anybody, so outside of a demo these pages are not there.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.services import demo_mails


def _folder() -> str | None:
    """Where the file backend writes; only it has one."""
    folder: str | None = getattr(settings, "EMAIL_FILE_PATH", None)
    return folder


def _only_in_a_demo(view: Any) -> Any:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO_MAILS:
            raise Http404
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return guarded


@login_not_required
@_only_in_a_demo
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    return render(request, "portal/demo_mails.html", {"mails": demo_mails.letters(_folder())})


@login_not_required
@_only_in_a_demo
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, as text."""
    found = demo_mails.letter(_folder(), name)
    if found is None:
        raise Http404
    return render(request, "portal/demo_mails_one.html", {"mail": found})
