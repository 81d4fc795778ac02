"""The pages on which projects and contacts are written, as a test reads and fills them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from projects.models import Project

NO_CONTACTS = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}


def hidden(page: str) -> dict[str, str]:
    """What the form on a page carries without showing it."""
    fields = re.findall(
        r'<input type="hidden" name="(once|seen|from|connection|stage|confirmed)" value="([^"]*)"', page
    )
    return dict(fields)


def typed(browser: Client, address: str) -> dict[str, Any]:
    """Every value of the form as it stands on the page."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()
    form = answer.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, **NO_CONTACTS, **hidden(answer.content.decode())}


def edit_page(project: Project) -> str:
    return reverse("project_edit", args=[project.pk])


def page_of(browser: Client, project: Project) -> str:
    return browser.get(reverse("project", args=[project.pk])).content.decode()
