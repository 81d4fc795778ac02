"""Whether a page can be used by everybody: asked of axe in both themes, and of the window's width."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visitor

THEMES = ("light", "dark")
STANDS_STILL = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map(motion => motion.finished));
}"""


def axe_finds(page: Page) -> list[str]:
    """What axe finds, in a line each; asked without motion, and once colours have come to where they were going."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(STANDS_STILL)
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


def sound(visitor: Visitor) -> bool:
    """Whether axe has nothing to say, light and dark, and nothing hangs over the side."""
    for theme in THEMES:
        visitor.page.emulate_media(color_scheme=theme)
        assert axe_finds(visitor.page) == [], theme
    return visitor.fits()
