"""The configuration of every test run; loaded by pytest before Django's settings are.

Tests bring their own, so that a developer's `.env` changes nothing; only the services to run on come from outside.
"""

import gc
import os
import tempfile
from urllib.parse import urlsplit

# Not the checkout's static files: a test that collects them there would pull them away under the others.
_static = tempfile.TemporaryDirectory(prefix="static-of-tests-")

os.environ |= {
    "DEBUG": "on",
    "PORTAL_BASE_URL": "",
    "VENDOR_QUOTAS": "off",
    "LOG_LEVEL": "ERROR",
    "EMAIL_URL": "memorymail://",
    "STATIC_ROOT": _static.name,
}
os.environ.setdefault("CELERY_BROKER_URL", "memory://")
# On Redis each process has a database of its own, from the given one on: tests look into queues.
if os.environ["CELERY_BROKER_URL"].startswith("redis"):
    broker = urlsplit(os.environ["CELERY_BROKER_URL"])
    number = int(broker.path.strip("/") or 0) + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["CELERY_BROKER_URL"] = broker._replace(path=f"/{number}").geturl()
os.environ.setdefault("CACHE_URL", "locmemcache://")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Django's objects outlive a test by thousands; looking through all of them for cycles so often is a tenth of the time.
gc.set_threshold(50_000, 20, 50)
