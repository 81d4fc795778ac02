"""How people get accounts: by command, mirror or invitation, never by signing up on their own."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.browsers import name_of_browser
from portal.lib.crypto import Cipher
from portal.second_factor import is_last, requiring

log = logging.getLogger("portal.accounts")
# Letters of a request that have to wait until its answer is out, so that sending takes no time that could be measured.
LETTERS = "_letters_after_the_answer"


def post(letter: EmailMessage) -> None:
    """Sends; a mail server that does not answer is written down and never an error on a page."""
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        log.error("A mail to an account was not sent: %s", error)


class PortalAccountAdapter(DefaultAccountAdapter):
    """allauth's adapter with public sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        about = {"request": self.request, "email": email, **context}
        letter = self.render_mail(template_prefix, email, about)
        waiting: list[EmailMessage] | None = getattr(self.request, LETTERS, None)
        if waiting is None:
            post(letter)
        else:
            waiting.append(letter)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in has just shown who they are."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        freshest: float = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - freshest >= app_settings.REAUTHENTICATION_TIMEOUT)


class PortalMFAAdapter(DefaultMFAAdapter):
    """Factors of ours: secrets encrypted at rest, passkeys named after the browser, the last one kept where needed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That did not work. A code counts once and for half a minute: try the next one. "
            "A passkey counts only for whom it was added."
        ),
    }

    def encrypt(self, text: str) -> str:
        return Cipher(settings.FIELD_ENCRYPTION_KEYS).encrypt_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return Cipher(settings.FIELD_ENCRYPTION_KEYS).decrypt_text(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not why_kept(authenticator)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "cannot_delete_authenticator":
            return ValidationError(_("Your last second factor stays: an organisation of yours wants one."), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        return name_of_browser(current.request.headers.get("user-agent", ""))


def why_kept(authenticator: Authenticator) -> str:
    """A sentence why a person may not remove this factor; empty where they may."""
    if not is_last(authenticator):
        return ""
    names = requiring(authenticator.user)
    if not names:
        return ""
    return _(
        "This is your last second factor, and %(organisations)s wants one of its administrators. "
        "Add another one first, then remove this."
    ) % {"organisations": get_text_list(names, _("and"))}


def no_change_of_address(request: HttpRequest, key: str = "") -> HttpResponse:
    """Stands before allauth's pages, which would give anybody any address unproven, the one of a person to come too.

    `key` is that of a mail which this portal never sends.
    """
    raise Http404
