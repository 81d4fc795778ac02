"""One command starts everything, and nothing is left behind when it is stopped."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil
import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
BARE = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


def free_port() -> str:
    """A port below those that the system gives to whoever asks for any: nobody gets it before it is used."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return str(port)
    raise AssertionError("A hundred ports are taken.")


class Launched:
    """`python -m portal.launch demo` in a session of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        own = {"DATA_DIR": str(folder / "data"), "PORT": self.port, "SANDBOX_PORT": self.sandbox_port}
        self.output = folder / "output"
        self.file: IO[bytes] = self.output.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.launch", "demo"],
            cwd=ROOT,
            env={**BARE, **own},
            stdout=self.file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def text(self) -> str:
        """What it has printed so far."""
        return self.output.read_text(errors="replace")

    def wait_for(self, words: str, seconds: float = 180) -> None:
        """Waits until it has printed that."""
        give_up = time.monotonic() + seconds
        while words not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < give_up, self.text()
            time.sleep(0.1)

    def family(self) -> list[psutil.Process]:
        """It and all it has started."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]


@contextmanager
def demo(folder: Path) -> Iterator[Launched]:
    launched = Launched(folder)
    try:
        yield launched
    finally:
        if launched.process.poll() is None:
            launched.process.send_signal(signal.SIGTERM)
            launched.process.wait(timeout=15)
        launched.file.close()


def stop(launched: Launched, number: int) -> None:
    """Stops it and proves that all of it is gone within ten seconds."""
    family = launched.family()
    assert len(family) > 2
    launched.process.send_signal(number)
    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert launched.process.wait() == 0


@pytest.fixture(autouse=True, scope="module")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo serves hashed files, as `make install` leaves them; in a folder that no other process collects into."""
    BARE["STATIC_ROOT"] = str(tmp_path_factory.mktemp("static"))
    subprocess.run([sys.executable, "-m", "portal.launch.static"], cwd=ROOT, env=BARE, check=True)
    yield
    del BARE["STATIC_ROOT"]


def test_the_demo_shows_the_list_to_each_person_and_ends(tmp_path: Path) -> None:
    with demo(tmp_path) as launched:
        launched.wait_for("Password of all")
        text = launched.text()
        base = f"http://127.0.0.1:{launched.port}"
        assert requests.get(f"{base}/readyz", timeout=30).status_code == 200
        password = re.search(r"Password of all: (\S+)", text)
        assert password
        logins = re.findall(r"^  (Administrator|Sales|Site inspector|Installer) +(\S+@\S+)$", text, re.MULTILINE)
        assert len(logins) == 4
        for _kind, email in logins:
            browser = requests.Session()
            token = re.search(
                r'csrfmiddlewaretoken" value="(\w+)"', browser.get(f"{base}/accounts/login/", timeout=30).text
            )
            assert token
            form = {"csrfmiddlewaretoken": token[1], "login": email, "password": password[1]}
            home = browser.post(f"{base}/accounts/login/", data=form, headers={"Referer": base}, timeout=30)
            assert home.url == f"{base}/"
            page = browser.get(f"{base}/projects/", timeout=30)
            assert page.status_code == 200
            assert page.text.count('href="/projects/') > 5, email
            for path in ("search", "projects"):
                long = browser.get(f"{base}/{path}/", params={"q": "ü" * 10_000}, timeout=30)
                assert long.status_code == 200
                assert "Your search is too long: only its first 200 characters" in long.text
        stop(launched, signal.SIGINT)


def test_it_ends_in_the_middle_of_the_first_sync(tmp_path: Path) -> None:
    with demo(tmp_path) as launched:
        launched.wait_for("The first sync runs")
        assert "Password of all" not in launched.text()
        stop(launched, signal.SIGTERM)
    assert "Traceback" not in launched.text()


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        own = {"DATA_DIR": str(tmp_path), "PORT": port, "SANDBOX_PORT": free_port(), "PATH": os.environ["PATH"]}
        ended = subprocess.run(
            [sys.executable, "-m", "portal.launch", "demo"],
            cwd=ROOT,
            env=own,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
    assert ended.returncode == 1
    assert f"Port {port} is in use" in ended.stderr
    assert "Traceback" not in ended.stderr
