"""A sync in a process of its own, killed and ended in the middle of a list: the next one goes on from its page."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.sandbox.server import Sandbox
from portal.sync.lease import LEASE_SECONDS
from tests.portal.sync.conftest import TODAY
from tests.portal.sync.evidence import calls, pages_asked
from tests.world import API, LOGIN, World

NUMBERS = list(range(400_001, 400_041))
CARRY_OUT = "from portal.services.syncing import run_queued; print(run_queued({}))"


class Installation:
    """A portal of its own, as an operator has it: a folder with a database, and commands that are processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *words: str) -> subprocess.Popen[str]:
        """Starts `manage.py` with these words."""
        own = {"DATA_DIR": str(self.folder), "DATABASE_URL": f"sqlite:///{self.folder}/portal.sqlite3", "DEBUG": "on"}
        command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words]
        outside = {name: value for name, value in os.environ.items() if not name.startswith("OPENSOLAR_")}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env={**outside, **own, **LOGIN}, stdout=pipe, stderr=pipe, text=True)

    def ended(self, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command that ends by itself."""
        with self.command(*words) as process:
            out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database says to a statement of our own."""
        database = sqlite3.connect(self.folder / "portal.sqlite3", timeout=10)
        try:
            with database:
                return database.execute(statement, values).fetchall()
        finally:
            database.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Migrated and connected, not synced."""
    made = Installation(tmp_path_factory.mktemp("installation"))
    assert made.ended("migrate", "-v", "0")[0] == 0
    with Sandbox(projects=3, today=TODAY) as sandbox:
        words = ("--organisation", "sunny-roofs", "--account", "1", "--base-url", sandbox.opensolar_url)
        code, _, err = made.ended("connect", "opensolar", *words)
        assert code == 0, err
    made.sql("UPDATE portal_connection SET page_size = 10")
    return made


@pytest.fixture
def installed(template: Installation, tmp_path: Path) -> Iterator[tuple[Installation, World]]:
    """The installation and the vendor it is connected to."""
    shutil.copytree(template.folder, tmp_path / "copy")
    copy = Installation(tmp_path / "copy")
    with Sandbox(projects=40, today=TODAY) as sandbox:
        copy.sql("UPDATE portal_connection SET base_url = ?", sandbox.opensolar_url)
        yield copy, World(sandbox)


@contextmanager
def stuck_at_page(installation: Installation, world: World, page: int) -> Iterator[subprocess.Popen[str]]:
    """A sync that waits for an answer to that page of the projects."""
    world.fault("delay", path=f"{API}/projects/", query={"page": str(page)}, delay=90, times=None)
    with installation.command("sync", "sunny-roofs", "--json") as process:
        try:
            give_up = time.monotonic() + 90
            stored = "SELECT page FROM portal_cursor WHERE resource = 'projects'"
            while page not in pages_asked(world, "projects") or installation.sql(stored) != [(page - 1,)]:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < give_up
                time.sleep(0.02)
            yield process
        finally:
            process.kill()
    world.heal()


def everything_is_there(installation: Installation) -> None:
    assert [n for (n,) in installation.sql("SELECT opensolar_id FROM projects_project ORDER BY 1")] == NUMBERS
    for table in ("project", "contact", "system", "role"):
        ((doubles,),) = installation.sql(f"SELECT count(*) - count(DISTINCT opensolar_id) FROM projects_{table}")
        ((hidden,),) = installation.sql(f"SELECT count(*) FROM projects_{table} WHERE removed_at IS NOT NULL")
        assert (doubles, hidden) == (0, 0)
    assert installation.sql("SELECT count(*) FROM projects_system WHERE details_at IS NULL") == [(0,)]
    assert installation.sql("SELECT count(*) FROM portal_listingpage") == [(0,)]


def test_killed_in_the_middle_of_a_list(installed: tuple[Installation, World]) -> None:
    installation, world = installed
    with stuck_at_page(installation, world, 3) as process:
        process.kill()
        assert process.wait(timeout=5) == -signal.SIGKILL
    assert installation.sql("SELECT count(*) FROM projects_project") == [(20,)]
    assert installation.sql("SELECT state FROM portal_syncrun") == [("running",)]
    ((until,),) = installation.sql("SELECT until FROM portal_lease")
    left = datetime.fromisoformat(until).replace(tzinfo=UTC) - datetime.now(UTC)
    assert left.total_seconds() < LEASE_SECONDS < 30
    # The dead holder keeps the lease for the rest of that time, however long a command takes to start, and no longer.
    installation.sql("UPDATE portal_lease SET until = '2100-01-01 00:00:00'")
    code, out, err = installation.ended("sync", "sunny-roofs", "--json", "--wait", "0")
    assert (code, json.loads(out)["opensolar"]["requests"]) == (1, 0)
    assert "still running" in err
    installation.sql("UPDATE portal_lease SET until = '2026-01-01 00:00:00'")
    world.log(clear=True)
    code, out, err = installation.ended("sync", "sunny-roofs", "--json")
    assert (code, err) == (0, "")
    assert pages_asked(world, "projects")[0] == 2
    assert json.loads(out)["opensolar"]["resources"]["projects"]["created"] == 20
    everything_is_there(installation)
    runs = installation.sql("SELECT state, message FROM portal_syncrun ORDER BY id")
    assert runs == [("failed", "Its worker stopped; the next run goes on from its page."), ("success", "")]


def test_ended_in_the_middle_of_a_list(installed: tuple[Installation, World]) -> None:
    installation, world = installed
    for number, page in ((signal.SIGTERM, 3), (signal.SIGINT, 4)):
        world.log(clear=True)
        with stuck_at_page(installation, world, page) as process:
            sent = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            assert time.monotonic() - sent < 15
            assert (process.returncode, out, err) == (128 + number, "", "")
        assert installation.sql("SELECT count(*) FROM portal_lease") == [(0,)]
        runs = set(installation.sql("SELECT state, message FROM portal_syncrun"))
        assert runs == {("failed", "Stopped before its end; the next run goes on from its page.")}
    # The second one had already gone on from the page where the first was ended.
    assert pages_asked(world, "projects")[0] == 2


def test_two_workers_get_the_same_queued_run(installed: tuple[Installation, World]) -> None:
    installation, world = installed
    world.fault("delay", path=f"{API}/roles/", delay=1.5)
    queue = "INSERT INTO portal_syncrun (connection_id, state, full, queued_at, counts, progress, requests, message)"
    ((run,),) = installation.sql(
        f"{queue} SELECT id, 'queued', 0, '2026-11-20', '{{}}', '{{}}', 0, '' FROM portal_connection RETURNING id"
    )
    workers = [installation.command("shell", "-v", "0", "-c", CARRY_OUT.format(run)) for _ in range(2)]
    said = sorted(worker.communicate(timeout=60) for worker in workers)
    assert [err for _, err in said] == ["", ""]
    assert said[0][0] == "None\n"
    assert said[1][0] != "None\n"
    given = [call["query"] for call in calls(world, f"{API}/roles/") if call["status"] == 200]
    assert given == [{}, {"page": "2"}]
    assert installation.sql("SELECT state FROM portal_syncrun") == [("success",)]
    everything_is_there(installation)
