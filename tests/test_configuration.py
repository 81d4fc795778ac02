"""Configuration that cannot work stops the start with a sentence; what works follows the environment."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

ROOT = Path(__file__).resolve().parents[1]
STRONG = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
RIGHT = {"SECRET_KEY": STRONG, "FIELD_ENCRYPTION_KEYS": KEY}


def start(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with this environment alone."""
    own = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **env}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def shown(folder: Path, *names: str, **env: str) -> dict[str, object]:
    """Settings as they come out of this environment."""
    names_text = ", ".join(f"'{name}': getattr(settings, '{name}')" for name in names)
    code = f"import json; from django.conf import settings; print(json.dumps({{{names_text}}}))"
    done = start(folder, "shell", "--no-imports", "-c", code, SECRET_KEY=STRONG, FIELD_ENCRYPTION_KEYS=KEY, **env)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "django-insecure-" + STRONG}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": STRONG}, "FIELD_ENCRYPTION_KEYS is missing"),
        ({"SECRET_KEY": STRONG, "FIELD_ENCRYPTION_KEYS": "nonsense"}, "no Fernet key"),
        ({"SECRET_KEY": STRONG, "FIELD_ENCRYPTION_KEYS": KEY, "VENDOR_QUOTAS": "maybe"}, "write on or off"),
        (RIGHT | {"KEEP_DAYS": "-5"}, "KEEP_DAYS is '-5': write a whole number from 1"),
        (RIGHT | {"SYNC_INTERVAL_MINUTES": "often"}, "SYNC_INTERVAL_MINUTES is 'often'"),
        (RIGHT | {"VENDOR_PAGE_SIZE": "0"}, "VENDOR_PAGE_SIZE is '0'"),
        (RIGHT | {"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'"),
        (RIGHT | {"PORTAL_BASE_URL": "portal.example.com"}, "write an address such as https://"),
        (RIGHT | {"PORTAL_BASE_URL": "https://[::1"}, "write an address such as https://"),
        (RIGHT | {"PORTAL_BASE_URL": "https://portal.example.com:99999"}, "write an address such as https://"),
        (RIGHT | {"PORTAL_BASE_URL": "https://portal.example.com?x=1"}, "write an address such as https://"),
        (RIGHT | {"DEBUG": "perhaps"}, "DEBUG is 'perhaps': write on or off"),
        (RIGHT | {"DATA_DIR": "/dev/null/data"}, "DATA_DIR is '/dev/null/data', which is no folder"),
        (RIGHT | {"DATABASE_URL": "nonsense"}, "DATABASE_URL is no address"),
        (RIGHT | {"DATABASE_URL": "postgres://host:port/name"}, "DATABASE_URL is no address"),
        (RIGHT | {"DATABASE_URL": "oracle://host/name"}, "DATABASE_URL is no address"),
        (RIGHT | {"CELERY_BROKER_URL": "rabbit://host"}, "CELERY_BROKER_URL is no address"),
        (RIGHT | {"CELERY_BROKER_URL": "redis://host:port"}, "CELERY_BROKER_URL is no address"),
        (RIGHT | {"CACHE_URL": "nonsense"}, "CACHE_URL is no address"),
        (RIGHT | {"EMAIL_URL": "smtp://host:port"}, "EMAIL_URL is no address"),
        (RIGHT | {"TRUSTED_PROXIES": "some"}, "TRUSTED_PROXIES is 'some': write a whole number from 0"),
        (RIGHT | {"VENDOR_BASE_URLS": "nonsense"}, "VENDOR_BASE_URLS is 'nonsense'"),
        (RIGHT | {"SENTRY_DSN": "nonsense"}, "SENTRY_DSN is no DSN"),
        (RIGHT | {"MEDIA_URL_S3": "photos"}, "write s3://BUCKET/PREFIX"),
        (RIGHT | {"MEDIA_URL_S3": "s3://photos?key=secret"}, "write s3://BUCKET/PREFIX"),
        (RIGHT | {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT is"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(tmp_path: Path, env: dict[str, str], words: str) -> None:
    done = start(tmp_path, "check", **env)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_empty_value_is_as_good_as_none(tmp_path: Path) -> None:
    names = ("ALLOWED_HOSTS", "CELERY_BROKER_URL", "CACHES", "EMAIL_CONFIG")
    empty = {"ALLOWED_HOSTS": "", "CELERY_BROKER_URL": "", "CACHE_URL": "", "EMAIL_URL": "", "DEBUG": ""}
    assert shown(tmp_path, *names, **empty) == shown(tmp_path, *names)
    folders = shown(tmp_path, "CELERY_BEAT_SCHEDULE_FILENAME", DATA_DIR="")
    assert folders == {"CELERY_BEAT_SCHEDULE_FILENAME": str(ROOT / "data" / "beat-schedule")}


def test_https_follows_the_public_address(tmp_path: Path) -> None:
    names = ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    beyond = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    secure = shown(tmp_path, *names, *beyond, PORTAL_BASE_URL="https://portal.example.com")
    assert [secure.pop(name) for name in beyond] == [False, False]
    assert all(secure.values())
    plain = shown(tmp_path, *names, "ALLOWED_HOSTS", PORTAL_BASE_URL="http://portal.example.com")
    assert "portal.example.com" in str(plain.pop("ALLOWED_HOSTS"))
    assert not any(plain.values())


def test_migrate_is_all_that_a_new_database_needs(tmp_path: Path) -> None:
    env = {"SECRET_KEY": STRONG, "FIELD_ENCRYPTION_KEYS": KEY}
    assert start(tmp_path, "migrate", "--verbosity", "0", **env).returncode == 0
    code = "from django.core.cache import cache; cache.set('a', 1); assert cache.get('a') == 1"
    done = start(tmp_path, "shell", "--no-imports", "-c", code, **env)
    assert done.returncode == 0, done.stderr
    code = "from django.db import connection as c; k = c.cursor(); print(k.execute('PRAGMA journal_mode').fetchone())"
    assert "wal" in start(tmp_path, "shell", "--no-imports", "-c", code, **env).stdout
    assert start(tmp_path, "makemigrations", "--check", "--dry-run", **env).returncode == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("sync sunny-roofs", 2),
        ("createtoken ada@example.com --organisation sunny-roofs", 1),
        ("connect opensolar --organisation sunny-roofs --account 1", 1),
        ("forgetfactors ada@example.com", 1),
        ("setuplink", 1),
        ("rotatekeys", 1),
    ],
)
def test_before_migrate_a_command_says_what_is_missing(tmp_path: Path, words: str, code: int) -> None:
    done = start(tmp_path, *words.split(), **RIGHT, OPENSOLAR_TOKEN="none")
    assert (done.returncode, done.stdout) == (code, "")
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_deploy_check_is_quiet_for_a_right_configuration(tmp_path: Path) -> None:
    env = {
        "SECRET_KEY": STRONG,
        "FIELD_ENCRYPTION_KEYS": KEY,
        "PORTAL_BASE_URL": "https://portal.example.com",
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/9",
        "TRUSTED_PROXIES": "1",
    }
    done = start(tmp_path, "check", "--deploy", **env)
    assert done.returncode == 0
    assert ".W" not in done.stderr
    # Every visitor would share the address of what ends TLS.
    alone = start(tmp_path, "check", "--deploy", **env | {"TRUSTED_PROXIES": "0"})
    assert "portal.W005" in alone.stderr
    warned = start(tmp_path, "check", "--deploy", SECRET_KEY=STRONG, FIELD_ENCRYPTION_KEYS=KEY)
    assert "portal.W001" in warned.stderr
    assert "portal.W003" in warned.stderr
    assert "portal.W005" not in warned.stderr


def test_media_lies_in_the_bucket_that_is_named(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile("/photos/roofs/.*"), method="HEAD").respond_with_data(status=404)
    httpserver.expect_request("/photos/roofs/hello.txt", method="PUT").respond_with_data("")
    code = (
        "from django.core.files.base import ContentFile; from django.core.files.storage import default_storage;"
        "print(default_storage.save('hello.txt', ContentFile(b'hello')))"
    )
    bucket = f"s3://photos/roofs?endpoint={httpserver.url_for('')}&region=eu-central-1"
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    done = start(tmp_path, "shell", "--no-imports", "-c", code, MEDIA_URL_S3=bucket, **RIGHT, **keys)
    assert done.stdout.splitlines()[-1:] == ["hello.txt"], done.stderr
    (stored,) = [request for request, _answer in httpserver.log if request.method == "PUT"]
    assert b"hello" in stored.get_data()


def test_traces_go_to_the_collector_without_secret_addresses(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/traces", method="POST").respond_with_data("")
    code = (
        "from django.test import Client; c = Client(HTTP_HOST='localhost');"
        "c.get('/healthz'); c.get('/welcome/start/hush-hush/');"
        "from opentelemetry import trace; trace.get_tracer_provider().force_flush()"
    )
    # A page of its own answers, also where nobody has collected static files.
    env = RIGHT | {"DEBUG": "on", "OTEL_EXPORTER_OTLP_ENDPOINT": httpserver.url_for("")}
    done = start(tmp_path, "shell", "--no-imports", "-c", code, **env)
    assert done.returncode == 0, done.stderr
    sent = b"".join(
        gzip.decompress(request.get_data()) if request.headers.get("Content-Encoding") == "gzip" else request.get_data()
        for request, _answer in httpserver.log
    )
    assert b"installer-portal" in sent
    assert b"healthz" in sent
    assert b"hush-hush" not in sent


def test_the_default_cache_has_room_for_throttles(tmp_path: Path) -> None:
    caches = shown(tmp_path, "CACHES")["CACHES"]
    assert caches["default"]["OPTIONS"]["MAX_ENTRIES"] >= 10_000  # type: ignore[index]
