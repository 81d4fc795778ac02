"""The same clock and the same salesperson as before the pages."""

from tests.projects.pages.conftest import grace, noon

__all__ = ["grace", "noon"]
