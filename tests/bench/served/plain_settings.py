"""The portal's settings with the plain list in place of its own addresses."""

from portal.settings import *  # noqa: F403 - a variant of the same settings

ROOT_URLCONF = "tests.bench.served.plain_urls"
