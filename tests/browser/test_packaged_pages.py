"""The pages that packages bring along, Swagger's and the Django admin's, can be used by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.browser.soundness import sound

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_api_is_described_for_everybody(windows: Window, width: int) -> None:
    visitor = windows(width)
    visitor.open("/api/v1/docs/")
    visitor.page.locator(".opblock-summary").first.wait_for()
    assert sound(visitor)
    for call in (1, 12):
        visitor.page.locator(".opblock-summary-control").nth(call).click()
    visitor.page.locator(".responses-table").nth(1).wait_for()
    assert sound(visitor)
    visitor.page.locator(".authorize").first.click()
    visitor.page.get_by_role("dialog").wait_for()
    assert sound(visitor)


@pytest.mark.parametrize("width", [1440, 390])
def test_records_of_the_admin_are_there_for_everybody(visit: Window, width: int) -> None:
    visitor = visit(width)
    visitor.sign_in("administrator")
    for path in ("/admin/", "/admin/portal/membership/", "/admin/projects/project/"):
        visitor.open(path)
        assert sound(visitor), path
