"""The one settings file: everything that differs between places comes from the environment (or `.env`).

The names are a contract, listed in README.md; a value that cannot work stops the start with a sentence.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import configuration, map_tiles

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = configuration.debug(env.str("DEBUG", default=""))
DATA_DIR = configuration.folder(env.str("DATA_DIR", default="") or str(BASE_DIR / "data"), "DATA_DIR")

SECRET_KEY = configuration.secret_key(env.str("SECRET_KEY", default=""), debug=DEBUG)
FIELD_ENCRYPTION_KEYS = configuration.encryption_keys(env.list("FIELD_ENCRYPTION_KEYS", default=[]), SECRET_KEY, DEBUG)

PORTAL_BASE_URL = configuration.public_address(env.str("PORTAL_BASE_URL", default=""))
_public = urlsplit(PORTAL_BASE_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    *("localhost", "127.0.0.1", "[::1]"),
    *([_public.hostname] if _public.hostname else []),
]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if _public.netloc else []
_https = _public.scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # HTTPS follows the scheme of PORTAL_BASE_URL; portal.checks says so when it is not https.
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
    # Strict transport stays with the portal's own host: what runs beside it under its domain is not ours to force.
    "security.W005",
    "security.W021",
]

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "portal.apps.PortalConfig",
    "projects.apps.ProjectsConfig",
    "monitoring.apps.MonitoringConfig",
    "surveys.apps.SurveysConfig",
]

MIDDLEWARE = [
    "portal.webhook_door.WebhookDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.OrganisationMiddleware",
    "portal.middleware.NoPageMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    }
]

DATABASES = {"default": configuration.database(env.str("DATABASE_URL", f"sqlite:///{DATA_DIR}/portal.sqlite3"))}
# knox brings a token table of its own; ours (KNOX_TOKEN_MODEL) takes its place.
MIGRATION_MODULES = {"knox": None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Throttles stand in the cache, too: of Django's own 300 entries the next would push one out before it is over.
CACHES = {
    "default": configuration.cache(env.str("CACHE_URL", default="") or "dbcache://portal_cache?max_entries=10000")
}
# A selection of more rows than one act takes is refused in words, not by the parser.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "portal.accounts.PortalAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ACCOUNT_SESSION_REMEMBER = True
# A letter to an unknown address would tell its owner that somebody tried, and cost a mail a guess.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Whoever gets a new password, factor or passkey hears of it by mail.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
SOCIALACCOUNT_ADAPTER = "portal.oidc.people.PortalSocialAccountAdapter"
OIDC = {
    name: env.str(name, default="") for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
}
MFA_ADAPTER = "portal.accounts.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up alone: an address was proven by the invitation, or set by whoever runs the portal.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Installer Portal"
ACCOUNT_FORMS = {
    "change_password": "portal.views.password_forms.ChangePassword",
    "set_password": "portal.views.password_forms.SetPassword",
    "reset_password_from_key": "portal.views.password_forms.ResetPassword",
}
MFA_FORMS = {"add_webauthn": "portal.views.account_factors.AddPasskeyForm"}
# Asking for a challenge and answering it count one each.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Sign-in is throttled by address: behind proxies it has to be the visitor's, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = configuration.number(
    env.str("TRUSTED_PROXIES", default="0"), "TRUSTED_PROXIES", least=0, most=100
)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": configuration.media_storage(env.str("MEDIA_URL_S3", default="")),
    "staticfiles": {"BACKEND": configuration.static_storage(DEBUG)},
}
MEDIA_ROOT = DATA_DIR / "media"

EMAIL_CONFIG = configuration.mail(
    env.str("EMAIL_URL", default="") or ("consolemail://" if DEBUG else "smtp://localhost:25")
)
vars().update(EMAIL_CONFIG)
# A mail server that hangs holds a worker no longer than this.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"portal@{_public.hostname or 'localhost'}")

# Where maps load their images, `https://tiles.example.com/{z}/{x}/{y}.png`; empty: maps are plain ground.
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="")

# The demo writes its mails to a folder and shows them to everybody at /demo/mails/.
DEMO_MAILS = configuration.switch(env.str("DEMO_MAILS", default="off"), "DEMO_MAILS")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *map_tiles.source_of(MAP_TILES_URL)],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.OrganisationToken"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["portal.api.rendering.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsing.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.errors.sentences",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,
}
KNOX_TOKEN_MODEL = "portal.ApiToken"
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": None, "TOKEN_MODEL": KNOX_TOKEN_MODEL}
SPECTACULAR_SETTINGS = {
    "TITLE": "Installer Portal",
    # The heading is one that Swagger's page lacks: the next of its own are of the third rank.
    "DESCRIPTION": (
        "What one solar installer keeps at its vendors, as mirrored here. Projects and contacts are written, too."
        "\n\n## Addresses"
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Without links inside of the buttons that open a call, where no reader finds them; in colours that can be read.
    "SWAGGER_UI_SETTINGS": (
        '{deepLinking: false, syntaxHighlight: {theme: "tomorrow-night"}, plugins: [window.readableByAll]}'
    ),
    "REDOC_DIST": "SIDECAR",
}

CELERY_BROKER_URL = configuration.broker(
    env.str("CELERY_BROKER_URL", default="") or f"sqla+sqlite:///{DATA_DIR}/broker.sqlite3"
)
CELERY_BROKER_TRANSPORT_OPTIONS = configuration.broker_options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "portal.tasks.sweep", "schedule": 15.0, "options": {"expires": 14}},
    "deliveries": {"task": "portal.tasks.sweep_deliveries", "schedule": 15.0, "options": {"expires": 14}},
    "notify": {"task": "portal.tasks.notify", "schedule": 15.0, "options": {"expires": 14}},
    "invitations": {"task": "projects.tasks.send_invitations", "schedule": 30.0, "options": {"expires": 29}},
    "pictures": {"task": "projects.tasks.fetch_pictures", "schedule": 60.0, "options": {"expires": 59}},
    "left pictures": {"task": "projects.tasks.forget_pictures", "schedule": 21_600.0, "options": {"expires": 21_500}},
    "prune": {"task": "portal.tasks.prune", "schedule": 3600.0, "options": {"expires": 3500}},
}

VENDOR_QUOTAS = configuration.switch(env.str("VENDOR_QUOTAS", default="on"), "VENDOR_QUOTAS")
# What `connect` and the first run use where no address is given; default: each vendor's own.
VENDOR_BASE_URLS: dict[str, str] = configuration.addresses(env.str("VENDOR_BASE_URLS", default=""))
VENDOR_PAGE_SIZE = configuration.number(env.str("VENDOR_PAGE_SIZE", default="100"), "VENDOR_PAGE_SIZE", most=500)
VENDOR_PAGES_IN_FLIGHT = configuration.number(
    env.str("VENDOR_PAGES_IN_FLIGHT", default="2"), "VENDOR_PAGES_IN_FLIGHT", most=8
)
SYNC_INTERVAL_MINUTES = configuration.number(env.str("SYNC_INTERVAL_MINUTES", default="15"), "SYNC_INTERVAL_MINUTES")
KEEP_DAYS = configuration.number(env.str("KEEP_DAYS", default="90"), "KEEP_DAYS", most=36_500)

LOGGING = configuration.logging(env.str("LOG_LEVEL", default="INFO"))
configuration.report_errors_to(env.str("SENTRY_DSN", default=""))
OTEL_EXPORTER_OTLP_ENDPOINT = configuration.collector(env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default=""))
