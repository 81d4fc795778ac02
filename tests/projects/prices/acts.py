"""What an administrator does on the pages of prices and components."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from projects.models import ComponentActivation, Costing, PaymentOption, PricingScheme
from tests.portal.outbox.conftest import Office

MODELS: dict[str, Any] = {
    "pricing_scheme": PricingScheme,
    "payment_option": PaymentOption,
    "costing": Costing,
    "component": ComponentActivation,
}
RESOURCES = {"pricing_scheme": "pricing_schemes", "payment_option": "payment_options", "costing": "costings"}


def record_of(book: str, **columns: Any) -> Any:
    """A mirrored record, fresh from the database."""
    with scopes_disabled():
        return MODELS[book].objects.filter(**columns).order_by("opensolar_id")[0]


def resource_of(book: str, record: Any) -> str:
    return RESOURCES.get(book) or f"component_{record.kind}_activations"


def hidden(answer: HttpResponse) -> dict[str, str]:
    """What the form carries without showing it."""
    found = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', answer.content.decode())
    return {name: value for name, value in found if name not in ("csrfmiddlewaretoken", "next")}


def typed(browser: Client, address: str) -> dict[str, Any]:
    """Every value of the form as it stands on the page, as a browser sends it."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}
    return {**sent, **hidden(answer)}


def address_of(book: str, record: Any, act: str = "edit") -> str:
    return reverse(f"{book}_{act}" if act else book, args=[record.pk])


def ask(browser: Client, address: str, **values: Any) -> HttpResponse:
    """Sends the form with these values in it; the answer is the question whether they are meant, or the form."""
    form = {**typed(browser, address), **values}
    return browser.post(address, {name: value for name, value in form.items() if value is not None})


def change(office: Office, address: str, who: str = "ada", **values: Any) -> HttpResponse:
    """The same, and yes to the question."""
    browser = office.browser(who)
    question = ask(browser, address, **values)
    assert question.status_code == 200
    carried = hidden(question) | {name: html_value(question, name) for name in question.context["form"].fields}
    return browser.post(address, {**carried, "confirmed": "1"})


def html_value(question: HttpResponse, name: str) -> str:
    """A value that the question carries."""
    value = question.context["form"][name].value()
    return "" if value is None else str(value)
