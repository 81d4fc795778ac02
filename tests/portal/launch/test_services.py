"""`make run` on the services that this test run was given: a sync asked for over the API is done by a worker."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import requests

from portal.sandbox.server import Sandbox
from tests.portal.launch.test_launch import ROOT, free_port

WAIT_SECONDS = 120
# In seconds: three processes start at once on as many cores as tests run on.
PATIENCE = 30


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """A database of our own, on the server that the tests run on."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/portal.sqlite3"
        return
    name = f"portal_launch_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield urlsplit(given)._replace(path=f"/{name}").geturl()
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The configuration of a real installation."""
    broker = os.environ["CELERY_BROKER_URL"]
    own = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "PORT": free_port(),
        "OPENSOLAR_USERNAME": "marie.curie@example.com",
        "OPENSOLAR_PASSWORD": "sunny-roofs-demo",
    }
    if broker.startswith("redis"):
        # A room of its own on the server: other tests look into the queue that this worker would empty.
        broker = urlsplit(broker)._replace(path="/7").geturl()
    if broker != "memory://":
        own["CELERY_BROKER_URL"] = broker
    return {"PATH": os.environ["PATH"], **own}


def manage(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_worker_does_what_was_asked_over_the_api(environment: dict[str, str], tmp_path: Path) -> None:
    with Sandbox(projects=25) as sandbox:
        manage(environment, "migrate")
        account = ("--organisation", "sunny", "--account", "1", "--base-url", sandbox.opensolar_url, "--no-webhooks")
        manage(environment, "connect", "opensolar", *account)
        token = manage(environment, "createtoken", "curie@sunny.example", "--organisation", "sunny", "--create")
        with (tmp_path / "output").open("wb") as output:
            portal = subprocess.Popen(
                [sys.executable, "-m", "portal.launch", "run"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            base = f"http://127.0.0.1:{environment['PORT']}"
            client = requests.Session()
            client.headers["Authorization"] = f"Bearer {token}"
            _until(lambda: client.get(f"{base}/readyz/", timeout=PATIENCE).status_code == 200)
            org = client.get(f"{base}/api/v1/org/", timeout=PATIENCE).json()
            asked = client.post(
                f"{base}/api/v1/syncs/", json={"connection": org["connections"][0]["id"]}, timeout=PATIENCE
            )
            assert asked.status_code == 202, asked.text
            _until(lambda: any(run["state"] == "success" for run in _rows(client, f"{base}/api/v1/syncs/")))
            assert len(_rows(client, f"{base}/api/v1/projects/?page_size=100")) == 25
        finally:
            family = [psutil.Process(portal.pid), *psutil.Process(portal.pid).children(recursive=True)]
            portal.send_signal(signal.SIGTERM)
            _gone, alive = psutil.wait_procs(family, timeout=10)
            portal.wait(timeout=1)
        assert alive == [], (tmp_path / "output").read_text()


def _rows(client: requests.Session, url: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = client.get(url, timeout=PATIENCE).json()["results"]
    return rows


def _until(holds: object) -> None:
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            if callable(holds) and holds():
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < give_up
        time.sleep(0.2)
