"""Databases of the bench: migrated once, copied for every measurement, dropped at the end."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.bench.processes import child

PREFIX = "portal_bench_"
KEYS = {
    "SECRET_KEY": secrets.token_urlsafe(60),
    "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}


@dataclass
class Stage:
    """Gives out environments, each with an empty, migrated database that holds one connection."""

    admin_url: str
    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)
    _templates: dict[str, str] = field(default_factory=dict)

    def environment(self, database_url: str = "sqlite://:memory:") -> dict[str, str]:
        """What a child needs: nothing of the developer's own configuration."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
        return (
            kept
            | KEYS
            | {
                "DATABASE_URL": database_url,
                "DATA_DIR": str(self.folder),
                "DEBUG": "off",
                "PORTAL_BASE_URL": "",
                "VENDOR_QUOTAS": "off",
                "LOG_LEVEL": "ERROR",
                "CELERY_BROKER_URL": "memory://",
                "CACHE_URL": "locmemcache://",
                "PYTHONUNBUFFERED": "1",
                "EMAIL_URL": "memorymail://",
            }
        )

    def fresh(self, kind: str) -> dict[str, str]:
        """An environment with a new `postgres` or `sqlite` database."""
        if kind not in self._templates:
            self._templates[kind] = self._create(kind)
            child("prepare", self.environment(self._templates[kind]))
        return self.environment(self._create(kind, self._templates[kind]))

    def _create(self, kind: str, template: str = "") -> str:
        number = next(self._numbers)
        if kind == "sqlite":
            path = self.folder / f"{number}.sqlite3"
            if template:
                shutil.copyfile(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        name = f"{PREFIX}{os.getpid()}_{number}"
        source = f' TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
        self._execute(f'CREATE DATABASE "{name}"{source}', "CHECKPOINT")
        return urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{name}"))

    def drop(self, environment: dict[str, str]) -> None:
        """Gives the space of a database back."""
        url = environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            for path in self.folder.glob(Path(url).name + "*"):
                path.unlink()
        else:
            self._execute(f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')

    def drop_all(self) -> None:
        """Every database that this run made."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            like = f"{PREFIX}{os.getpid()}\\_%"
            names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like]).fetchall()
        self._execute(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for (name,) in names))

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def stage(admin_url: str) -> Iterator[Stage]:
    """A stage whose databases and files are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        made = Stage(admin_url, Path(folder))
        try:
            yield made
        finally:
            made.drop_all()
