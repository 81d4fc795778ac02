"""Turns environment values into settings and refuses, in a sentence, those that cannot work."""

import base64
import hashlib
import warnings
from logging import getLevelNamesMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.fernet import Fernet
from django.core.checks.security.base import SECRET_KEY_MIN_LENGTH, SECRET_KEY_MIN_UNIQUE_CHARACTERS
from django.core.exceptions import ImproperlyConfigured
from environ import Env
from kombu.transport import TRANSPORT_ALIASES

from portal.lib.log_line import without_secret_links

DEVELOPMENT_KEY = "django-insecure-only-for-development-with-debug-switched-on"
OFF = ("", "off", "false", "no", "n", "0")
DATABASES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def debug(value: str) -> bool:
    """Whether this is a developer's machine; a typo is told, so that nobody believes it to be on."""
    wanted = value.strip().lower()
    if wanted not in OFF and wanted not in Env.BOOLEAN_TRUE_STRINGS:
        raise ImproperlyConfigured(f"DEBUG is {value!r}: write on or off.")
    return wanted not in OFF


def folder(text: str, name: str) -> Path:
    """A folder that is there from now on."""
    path = Path(text).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {text!r}, which is no folder to write to: {error.strerror}.") from error
    return path


def secret_key(value: str, *, debug: bool) -> str:
    """The signing key; with DEBUG off it has to be one that Django's check security.W009 calls strong."""
    if debug:
        return value or DEVELOPMENT_KEY
    weak = (
        len(value) < SECRET_KEY_MIN_LENGTH
        or len(set(value)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
        or value.startswith("django-insecure-")
    )
    if weak:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak: set it to at least 50 random characters in the environment or in .env "
            "(or set DEBUG=on on a developer's machine)."
        )
    return value


def encryption_keys(keys: list[str], secret: str, debug: bool) -> list[str]:
    """Fernet keys for secrets at rest, the first encrypts; with DEBUG on one is derived when none is given."""
    if not keys and debug:
        return [base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()]
    if not keys:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS is missing: set it to a Fernet key (32 random bytes in URL-safe base64); "
            "several are separated by commas, the newest first."
        )
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                "FIELD_ENCRYPTION_KEYS holds a value that is no Fernet key: each is 32 bytes in URL-safe base64."
            ) from error
    return keys


def public_address(text: str) -> str:
    """The portal's public address without slashes at its end, or nothing; HTTPS and cookies follow its scheme."""
    try:
        parts = urlsplit(text)
        plain = not (parts.query or parts.fragment or "@" in parts.netloc or text.split() != [text])
        # Reading the port is what refuses one that is none.
        usable = not text or (parts.scheme in ("http", "https") and parts.hostname and plain and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        raise ImproperlyConfigured(f"PORTAL_BASE_URL is {text!r}: write an address such as https://portal.example.com.")
    return text.rstrip("/")


def number(text: str, name: str, *, least: int = 1, most: int = 1_000_000) -> int:
    """A whole number."""
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most):
        raise ImproperlyConfigured(f"{name} is {text!r}: write a whole number from {least} to {most}.")
    return int(text)


def database(url: str) -> dict[str, Any]:
    """SQLite writes at once and reads beside a writer (WAL); PostgreSQL keeps its connections for a minute."""
    try:
        with warnings.catch_warnings(action="ignore"):
            # What environ would warn of is refused below.
            config: dict[str, Any] = Env.db_url_config(url)
    except ValueError:
        config = {}
    if config.get("ENGINE") not in DATABASES:
        raise ImproperlyConfigured("DATABASE_URL is no address of a database: write postgres://… or sqlite:///….")
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;",
            **config.get("OPTIONS", {}),
        }
        return config
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **config}


def cache(url: str) -> dict[str, Any]:
    """The shared cache."""
    try:
        config: dict[str, Any] = Env.cache_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(
            "CACHE_URL is no address of a cache: write redis://… or dbcache://portal_cache, or leave it out."
        ) from error
    return config


def mail(url: str) -> dict[str, Any]:
    """How mail is sent."""
    try:
        config: dict[str, Any] = Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL is no address of a mail server: write smtp://USER:PASSWORD@HOST:PORT (smtp+tls://… with TLS)."
        ) from error
    return config


def broker(url: str) -> str:
    """Where messages to workers go; Celery would say what is wrong with it only once the first is sent."""
    try:
        parts = urlsplit(url.split(";", maxsplit=1)[0])
        usable = parts.scheme.split("+")[0] in TRANSPORT_ALIASES and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ImproperlyConfigured(
            "CELERY_BROKER_URL is no address of a broker: write redis://… or amqp://…, or leave it out."
        )
    return url


def addresses(text: str) -> dict[str, str]:
    """Addresses by name: `opensolar=https://…`, separated by commas."""
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    for _name, _equals, address in pairs:
        if urlsplit(address).scheme not in ("http", "https"):
            raise ImproperlyConfigured(
                f"VENDOR_BASE_URLS is {text!r}: write opensolar=https://…, several separated by commas."
            )
    return {name: address for name, _equals, address in pairs}


def broker_options(url: str) -> dict[str, Any]:
    """Whoever sends a message to a broker that is down learns it at once: the sweep finds the work anyway.

    Redis gives a dead worker's task back within seconds of the visibility timeout, not after its default sweep.
    """
    if url.startswith("sqla+"):
        return {}
    impatient = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
    if url.startswith(("redis:", "rediss:")):
        restoring = {"visibility_timeout": 3600, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}
        return {**impatient, **restoring, "socket_connect_timeout": 2}
    return impatient


def static_storage(debug: bool) -> str:
    """Hashed, compressed file names in real use; plain names while developing, where no manifest exists yet."""
    if debug:
        return "django.contrib.staticfiles.storage.StaticFilesStorage"
    return "whitenoise.storage.CompressedManifestStaticFilesStorage"


def media_storage(bucket: str) -> dict[str, Any]:
    """Files in a local folder, or in an S3 bucket: `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`.

    The bucket's keys come from the usual AWS_… variables; what lies there is private and never overwritten.
    """
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(bucket)
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.hostname or set(options) - {"endpoint", "region"}:
        raise ImproperlyConfigured(
            f"MEDIA_URL_S3 is {bucket!r}: write s3://BUCKET/PREFIX, and ?endpoint=https://… where it is not AWS."
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "default_acl": None,
            "file_overwrite": False,
        },
    }


def collector(address: str) -> str:
    """Where traces go, or nowhere."""
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is {address!r}: write an address such as http://127.0.0.1:4318."
        )
    return address


def switch(value: str, name: str) -> bool:
    """`on` or `off`, anything else is a mistake that should be told."""
    if value not in ("on", "off"):
        raise ImproperlyConfigured(f"{name} is {value!r}: write on or off.")
    return value == "on"


def logging(level: str) -> dict[str, Any]:
    """One line an event on standard error, so that whatever runs the processes keeps the log."""
    if level not in getLevelNamesMapping():
        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}: write DEBUG, INFO, WARNING or ERROR.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "portal.lib.log_line.Line", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"portal": {"level": level}, "projects": {"level": level}, "celery": {"level": level}},
    }


def report_errors_to(dsn: str) -> None:
    """Sends unexpected errors to Sentry (or a compatible service) without request bodies, cookies or personal data."""
    if dsn:
        import sentry_sdk

        try:
            sentry_sdk.init(
                dsn=dsn,
                send_default_pii=False,
                max_request_body_size="never",
                include_local_variables=False,
                before_send=lambda event, hint: without_secret_links(event),
            )
        except sentry_sdk.utils.BadDsn as error:
            raise ImproperlyConfigured("SENTRY_DSN is no DSN: copy it from Sentry's project settings.") from error
