"""The office of the outbox's tests: an account at the sandbox, mirrored, and its people at their browsers."""

from tests.portal.outbox.conftest import office

__all__ = ["office"]
