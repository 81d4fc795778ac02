"""Which Chromium the tests drive."""

from __future__ import annotations

import os
import shutil

# The first is the same browser without windows of its own: a page costs two thirds of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")


def path() -> str | None:
    """What CHROMIUM names, else what Debian's packages install; None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
