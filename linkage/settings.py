"""One settings file; every difference between deployments is an environment variable.

Embedded: neither DATABASE_URL nor REDIS_URL is set, and the stack of `make run` is found through
a note under LINKAGE_HOME. Otherwise the site is deployed and refuses to start without its secrets.
"""

import secrets
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from linkage.foundation import log
from linkage.stack import note

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HOME = Path(env("LINKAGE_HOME", default=str(BASE_DIR / "var"))).expanduser().resolve()
FILES = Path(env("LINKAGE_FILES", default=str(HOME / "files")))
DEBUG = env.bool("LINKAGE_DEBUG", default=False)
EMBEDDED = not env("DATABASE_URL", default="") and not env("REDIS_URL", default="")
STACK = note.read(HOME) if EMBEDDED else None
PHASE_SHIFT = env("LINKAGE_PHASE_SHIFT", default="auto" if EMBEDDED else "0")


# Secrets


def secret(name, kept):
    """A secret from the environment; embedded, the one the stack keeps; none only while developing."""
    value = env(name, default="") or (kept if EMBEDDED else "")
    if value:
        return value
    if EMBEDDED:
        return secrets.token_urlsafe(48)  # nothing runs yet, so nothing can be signed or sealed for keeps
    if DEBUG:
        return "development"
    raise ImproperlyConfigured(
        f"{name} is not set. With DATABASE_URL or REDIS_URL the site is deployed and needs its own secrets "
        "(docs/operations.md); for development set LINKAGE_DEBUG=1."
    )


KEPT = note.kept_secrets(HOME) if EMBEDDED else {}
SECRET_KEY = secret("LINKAGE_SECRET_KEY", KEPT.get("secret_key"))
DATA_KEYS = [key for key in secret("LINKAGE_DATA_KEYS", KEPT.get("data_keys")).split(",") if key]
DATA_CIPHER = env("LINKAGE_CIPHER", default="sm4")
HASH_KEY = env("LINKAGE_HASH_KEY", default="") or KEPT.get("hash_key", "")

if DATA_CIPHER not in ("sm4", "aes"):
    raise ImproperlyConfigured("LINKAGE_CIPHER is sm4 or aes.")
if not HASH_KEY:
    if len(DATA_KEYS) > 1:
        raise ImproperlyConfigured(
            "With several LINKAGE_DATA_KEYS, LINKAGE_HASH_KEY must say which of them was the first one ever: "
            "people are found by hashes made with it (docs/operations.md)."
        )
    HASH_KEY = DATA_KEYS[0]

JOURNAL_DAYS = env.int("LINKAGE_JOURNAL_DAYS", default=365)
if JOURNAL_DAYS < 180:
    raise ImproperlyConfigured("LINKAGE_JOURNAL_DAYS is 180 at least: so long the law wants journals kept.")


# Applications

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rules",
    "pgtrigger",
    "pghistory",
    "linkage.foundation",
    "communities",
    "communities.people",
    "communities.offices",
    "communities.facilities",
    "communities.needs",
    "communities.consultation",
    "linkage.policy",
    "organizations",
    "organizations.charity",
    "socialwork",
    "socialwork.volunteers",
    "projects",
    "linkage.attainment",
    "linkage.reports",
    "linkage.packs",
    "linkage.desk",
    "linkage.portal",
    "linkage.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "linkage.foundation.security.ContentSecurityPolicy",
    "linkage.foundation.middleware.Gate",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "communities.offices.middleware.FirstPassword",
    "linkage.foundation.middleware.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linkage.foundation.middleware.ErrorMap",
]

ROOT_URLCONF = "linkage.urls"
WSGI_APPLICATION = "linkage.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linkage.desk.context.frame",
            ],
        },
    }
]


# Database: linkage_owner migrates, linkage_app runs the site

APP_LIMITS = {
    "statement_timeout": env("LINKAGE_STATEMENT_TIMEOUT", default="15s"),
    "lock_timeout": env("LINKAGE_LOCK_TIMEOUT", default="3s"),
    "idle_in_transaction_session_timeout": "30s",
}


def database(role):
    """Where the database is for one of the two roles; the owner has no time limits."""
    url = env("DATABASE_URL", default="")
    if role == "owner":
        url = env("DATABASE_OWNER_URL", default="") or url
    if EMBEDDED and STACK:
        url = STACK["database_owner_url" if role == "owner" else "database_url"]
    if not url:
        return {"ENGINE": "linkage.stack.absent", "NAME": "linkage"}
    config = env.db_url_config(url)
    options = config.setdefault("OPTIONS", {})
    if "host" in options:
        config["HOST"] = options.pop("host")
    options.setdefault("connect_timeout", 5)
    if role != "owner":
        options["options"] = " ".join(f"-c {name}={limit}" for name, limit in APP_LIMITS.items())
    return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": database(env("LINKAGE_ROLE", default="app"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # and counters, below


# Signing in

AUTH_USER_MODEL = "offices.User"
AUTHENTICATION_BACKENDS = ["communities.offices.middleware.WithPosts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "offices:login"
LOGIN_REDIRECT_URL = "desk:home"
IDLE_SECONDS = 30 * 60  # signed out after half an hour without a request
SESSION_ENGINE = "linkage.foundation.sessions"
SESSION_COOKIE_AGE = IDLE_SECONDS + 60  # its end is moved once a minute


# Transport and browser

HTTPS = env.bool("LINKAGE_HTTPS", default=not (EMBEDDED or DEBUG))
ALLOWED_HOSTS = [*env.list("LINKAGE_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]
CSRF_FAILURE_VIEW = "linkage.foundation.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("LINKAGE_ORIGINS", default=[])
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("LINKAGE_BEHIND_PROXY", default=False) else None
)
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o640


# Language

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True


# Admin

UNFOLD = {
    "SITE_TITLE": _("Linkage"),
    "SITE_HEADER": _("Data desk"),
    "SITE_SUBHEADER": _("Linkage"),
    "SITE_ICON": lambda request: static("img/mark.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}
    ],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "THEME": "light",
    "STYLES": [lambda request: static("css/admin.css")],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "linkage.desk.registers.sidebar",
    },
    # The accent of static/css/linkage.css in ten shades.
    "COLORS": {
        "primary": {
            "50": "#f3f8fd",
            "100": "#e9f1fa",
            "200": "#cfe1f4",
            "300": "#b9d2ee",
            "400": "#7fabdc",
            "500": "#3f7fc6",
            "600": "#1a5ba8",
            "700": "#134784",
            "800": "#0f3a6d",
            "900": "#0c2f58",
            "950": "#081f3b",
        }
    },
}


# Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
VENDOR = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        (f"vendor/{name}", folder)
        for name, folder in {
            "tabler": VENDOR / "@tabler" / "core" / "dist",
            "htmx": VENDOR / "htmx.org" / "dist",
        }.items()
        if folder.is_dir()
    ),
]
VENDOR_FILES = [
    "vendor/tabler/css/tabler.min.css*",
    "vendor/tabler/css/tabler-vendors.min.css*",
    "vendor/tabler/js/tabler.min.js*",
    "vendor/htmx/htmx.min.js*",
]
STATICFILES_FINDERS = [
    "linkage.foundation.assets.Finder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}


# Mail: without EMAIL_URL the embedded site writes mails to a folder, a deployed one sends none

MAIL = env("EMAIL_URL", default="") or ("filemail://" if EMBEDDED else "dummymail://")
vars().update(env.email_url_config(MAIL))
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("LINKAGE_MAIL_FROM", default="linkage@localhost")
SITE_ADDRESS = env("LINKAGE_ADDRESS", default="")  # https://…, written in front of the pages named in a mail


# Volunteers: what provinces fix differently

STAR_HOURS = env.list("LINKAGE_STAR_HOURS", cast=int, default=[100, 300, 600, 1000, 1500])
SERVICE_TOLERANCE = timedelta(minutes=env.int("LINKAGE_SERVICE_TOLERANCE", default=30))


# Tasks

REDIS_URL = env("REDIS_URL", default="") or (STACK["redis_url"] if STACK else f"unix://{HOME}/not-running")
VISIBILITY_TIMEOUT = 900

CACHES["counters"] = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": "linkage",
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "socket_connect_timeout": 3,
    "socket_timeout": 30,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT}
CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 570
CELERY_TASK_PUBLISH_RETRY = False  # waking the worker is a courtesy; what is owed stands in the outbox
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1_000
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "linkage.heartbeat", "schedule": 15, "options": {"expires": 15}},
    "deliver": {"task": "linkage.deliver", "schedule": 15, "options": {"expires": 15}},
    "sweep": {"task": "linkage.sweep", "schedule": 60, "options": {"expires": 60}},
    "readings": {"task": "linkage.refresh_readings", "schedule": 10, "options": {"expires": 10}},
    "turn": {"task": "linkage.turn_readings", "schedule": crontab(hour=0, minute=5)},
    "check": {"task": "linkage.check_readings", "schedule": crontab(hour=2, minute=30)},
    "digests": {"task": "linkage.send_digests", "schedule": crontab(hour=8, minute="30-50/10")},
    "deadlines": {"task": "linkage.watch_deadlines", "schedule": crontab(hour="8-18", minute="*/10")},
    "uploads": {"task": "linkage.sweep_uploads", "schedule": crontab(hour=3, minute=40)},
    "purge": {"task": "linkage.purge_done", "schedule": crontab(hour=3, minute=10)},
}


# REST

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "communities.offices.middleware.OfficeTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["linkage.foundation.admission.Admitted"],
    "DEFAULT_THROTTLE_CLASSES": [
        "linkage.foundation.admission.PerUser",
        "linkage.foundation.admission.PerToken",
    ],
    "DEFAULT_PARSER_CLASSES": ["linkage.foundation.api.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "linkage.foundation.api.exception_handler",
}
API_LIMITS = {  # requests and seconds, of one person or one token; 0 requests: no limit
    "user": (env.int("LINKAGE_API_LIMIT", default=600), 60),
    "token": (env.int("LINKAGE_API_TOKEN_LIMIT", default=300), 60),
    "exports": (env.int("LINKAGE_EXPORT_LIMIT", default=30), 3600),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Linkage",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "linkage.foundation.schema.add_errors",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CommunityKindEnum": "communities.models.region.CommunityKind",
        "CorrectableEnum": "projects.models.Correctable",
        "EmploymentKindEnum": "organizations.codes.EmploymentKind",
        "ProjectStatusEnum": "projects.models.Status",
        "QualificationLevelEnum": "organizations.codes.QualificationLevel",
        "RegionLevelEnum": "communities.models.region.Level",
        "StepKindEnum": "projects.procedure.StepKind",
        "VerdictEnum": "projects.models.Verdict",
    },
}


# Log: to standard output, where and what, never who; numbers of people that slip in are masked

DEFAULT_EXCEPTION_REPORTER = "linkage.foundation.masking.Report"
DEFAULT_EXCEPTION_REPORTER_FILTER = "linkage.foundation.masking.ReportFilter"
LOGGING = log.to_standard_output(level=env("LINKAGE_LOG_LEVEL", default="INFO"))
