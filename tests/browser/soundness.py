"""Whether a page can be used by everybody: asked of axe in both themes, and of the window's width."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visitor

THEMES = ("light", "dark")
PAINTED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map(motion => motion.finished));
}"""


def sound(visitor: Visitor) -> bool:
    """Whether axe has nothing to say, light and dark, and nothing hangs over the side; axe's report where it has."""
    # Without motion, and after it is painted: colours on their way to the other theme would be measured.
    visitor.page.emulate_media(reduced_motion="reduce")
    for theme in THEMES:
        visitor.page.emulate_media(color_scheme=theme)
        visitor.page.evaluate(PAINTED)
        found = Axe().run(visitor.page)
        assert found.violations_count == 0, f"{theme}: {visitor.page.url}\n{found.generate_report()}"
    return visitor.fits()
