"""How tests are shared out among processes: some keep together, because two at once would slow one another's pages.

`xdist_group` would say the same, but pytest-xdist 3.8 writes it where pytest 9.2 no longer looks.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/portal/launch/")


class Together(LoadScopeScheduling):
    """One process for all of a folder that is named above; for the rest, whichever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> LoadScopeScheduling:
    """pytest-xdist's hook."""
    return Together(config, log)
