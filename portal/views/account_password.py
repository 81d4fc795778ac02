"""A lost password: the answer is the same, and takes as long, whether or not anybody has the address."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordResetView
from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts import LETTERS, post


class QuietReset(PasswordResetView):
    """allauth's page; its letter leaves when the answer is out, so that talking to a mail server shows nothing."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        letters: list[EmailMessage] = []
        setattr(request, LETTERS, letters)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        close = answer.close

        def close_and_post() -> None:
            close()
            for letter in letters:
                post(letter)

        answer.close = close_and_post  # type: ignore[method-assign]
        return answer


quiet_reset = login_not_required(QuietReset.as_view())
