"""Django's settings, read from the environment once and typed; errors are reported in one sentence.

    TROTH_VAR              data folder                         ./var
    TROTH_SITE             site folder                         <var>/site
    TROTH_PORT             port on 127.0.0.1                   8000
    TROTH_BASE_URL         how people reach the site           http://localhost:<port>
    TROTH_MASTER_KEY_FILE  key that encrypts everything           <var>/master.key
    TROTH_LEDGER_KEY_FILE  key that signs the ledger           <var>/ledger.key
    TROTH_SMTP             mail server, host or host:port      localhost:25
    TROTH_SMTP_TLS         tls, starttls or none               starttls; none on this machine; tls on port 465
    TROTH_SMTP_USER        who signs in there                  nobody; else port 587 unless one is named
    TROTH_SMTP_PASSWORD_FILE  file with that user's password   needed with TROTH_SMTP_USER
    TROTH_SMTPUTF8         1: it accepts jürgen@… (RFC 6531)   0: forms refuse such addresses
    TROTH_SMTP_CONNECTIONS  how many at a time, for each lane 4
    TROTH_UPDATE_PACE      emails of a policy update a day    20000
    TROTH_DKIM             selector:file of keys that sign    emails leave without a signature
    TROTH_MAILBOX          takes bounces and answers          nothing: they come to the policy's privacy email
    TROTH_IMAP             mailbox to read, host or host:port nothing is read
    TROTH_IMAP_TLS         tls, starttls or none               tls; none on this machine
    TROTH_IMAP_USER        who signs in there                  needed with TROTH_IMAP, as is its password:
    TROTH_IMAP_PASSWORD_FILE  file with that user's password
    TROTH_IMAP_FOLDERS     folders, separated by commas        INBOX
    TROTH_IMAP_THEN        keep (marked as seen) or delete     keep
    TROTH_LMTP             127.0.0.1:port or a socket's path   nothing: no mail server hands mail over
    TROTH_AUTHSERV_ID      our mail server's, in its checks    nothing: only signatures that we check count
    TROTH_DEMO             1: emails stay on a local page     0
    TROTH_PROXIES          whose X-Forwarded-For is trusted   nobody's; else networks separated by commas
    DATABASE_URL           the application's role              the embedded server of <var>
    TROTH_CLAMD            where ClamAV's daemon listens        nothing: attachments are not scanned for viruses
    TROTH_FILES_QUOTA      space for stored files, in GB       10; none is taken that would not fit
    TROTH_DRP_AGENTS       file of agents of Data Rights Protocol absent: nothing answers at /drp
    TROTH_DRP_BUSINESS_ID  the id under which agents know us   needed with TROTH_DRP_AGENTS

    TROTH_OWNER_URL        the owner's role                    absent; only migrating and adopting get it
    TROTH_SEALER_URL       the sealer's role                   absent; only `troth seal` gets it

Each is explained where it is read, in troth.environment.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from troth import database, logs
from troth.environment import Environment, EnvironmentProblem, connection

SRC = Path(__file__).parent

try:
    ENVIRONMENT = Environment.read(os.environ)
except EnvironmentProblem as problem:
    raise ImproperlyConfigured(str(problem)) from problem

TROTH_SITE = ENVIRONMENT.site
TROTH_VAR = ENVIRONMENT.var
TROTH_MASTER_KEY_FILE = ENVIRONMENT.master_key_file
TROTH_LEDGER_KEY_FILE = ENVIRONMENT.ledger_key_file
TROTH_JOURNAL_FILE = ENVIRONMENT.journal_file
TROTH_CHECKPOINT_FILE = ENVIRONMENT.checkpoint_file
TROTH_FILES = ENVIRONMENT.files_folder
TROTH_FILES_QUOTA = ENVIRONMENT.files_quota
TROTH_CLAMD = ENVIRONMENT.clamd
TROTH_DEMO = ENVIRONMENT.demo
TROTH_DRP_AGENTS = {agent.id: agent for agent in ENVIRONMENT.agents}
TROTH_DRP_BUSINESS_ID = ENVIRONMENT.business_id
TROTH_BASE_URL = ENVIRONMENT.base_url
TROTH_PORT = ENVIRONMENT.port
TROTH_PROXIES = ENVIRONMENT.proxies
TROTH_SMTP_HOST = ENVIRONMENT.smtp.host
TROTH_SMTP_PORT = ENVIRONMENT.smtp.port
TROTH_SMTP_TLS = ENVIRONMENT.smtp.tls
TROTH_SMTP_USER = ENVIRONMENT.smtp.user
TROTH_SMTP_PASSWORD_FILE = ENVIRONMENT.smtp.password_file
TROTH_SMTPUTF8 = ENVIRONMENT.smtp.utf8
TROTH_SMTP_CONNECTIONS = ENVIRONMENT.smtp.connections
TROTH_UPDATE_PACE = ENVIRONMENT.smtp.update_pace
TROTH_MAILBOX = ENVIRONMENT.smtp.mailbox
TROTH_DKIM = ENVIRONMENT.smtp.dkim
TROTH_INCOMING = ENVIRONMENT.incoming
TROTH_AUTHSERV_ID = ENVIRONMENT.incoming.authserv_id

SECRET_KEY = ENVIRONMENT.secret_key()
DEBUG = False
ALLOWED_HOSTS = sorted({"localhost", "127.0.0.1", "[::1]", ENVIRONMENT.host})
ROOT_URLCONF = "troth.web.urls"
APPEND_SLASH = False  # troth.web.middleware.slash_forgiven does it either way, and never turns what was sent away

INSTALLED_APPS = [
    "troth.apps.TrothConfig",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "troth.web.stack.deep_calls",
    "troth.web.probes.probes",
    "troth.web.proxies.believe_proxies",
    # Outside of whatever may fail, so that a page for when something is wrong is as strict as any other.
    "troth.web.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "troth.web.middleware.one_policy",
    "troth.web.middleware.vendors_time",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "troth.web.middleware.drop_undeclared_cookies",
    "troth.web.middleware.browser_emptied",
    "troth.web.middleware.readable_text",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "troth.web.middleware.by_session",
    "troth.web.middleware.forbid_caching",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "troth.web.middleware.slash_forgiven",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "troth.web.retyping.keep_typed",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "troth.security.hashing.pages_hash_nothing",
    "troth.web.middleware.method_told",
    "troth.web.middleware.too_large",
]
FILE_UPLOAD_HANDLERS = ["troth.web.uploads.StatedFiles"]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Templates stay in their rooms: troth/<room>/templates/<room>/.
        "DIRS": sorted(SRC.glob("**/templates")),
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "troth.web.context.shell"],
            "libraries": {"troth": "troth.web.tags", "console": "troth.desk.tags", "i18n": "troth.web.translated"},
        },
    }
]

FORM_RENDERER = "troth.collection.forms.rendering.Renderer"

DATABASES = {"default": connection(ENVIRONMENT.database_url, role=database.APPLICATION)}
if ENVIRONMENT.owner_url:
    DATABASES["owner"] = connection(ENVIRONMENT.owner_url, role=database.OWNER)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "troth.User"
AUTHENTICATION_BACKENDS = ["troth.security.entry.ByAddress", "troth.security.entry.ByName"]
PASSWORD_HASHERS = ["troth.security.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "troth.security.passwords.AtMost"},
]

# Nobody gets a cookie for merely looking: sessions begin with signing in, and the CSRF secret lives in them.
SESSION_ENGINE = "troth.security.sessions"
SESSION_COOKIE_NAME = "__Host-troth-session" if ENVIRONMENT.https else "troth-session"
SESSION_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "troth.web.errors.show_forged"
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.base_url]

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_HSTS_PRELOAD = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_SSL_REDIRECT = ENVIRONMENT.https
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # Pico draws its check marks and arrows from data: pictures
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = sorted(SRC.glob("**/static"))
STATIC_ROOT = str(ENVIRONMENT.var / "static")
STORAGES = {"staticfiles": {"BACKEND": "troth.web.statics.StaticFiles"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page reads from here

LANGUAGE_CODE = "en"
# Only what has a catalog in locale/: else a browser's wish would turn Django's own words, and the page's lang, alone.
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [SRC / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # what is kept; pages and emails show the brand's zone

# Emails leave through troth.outbox alone; Django's own mail goes nowhere.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = [
    ".".join(("troth", *path.relative_to(SRC).with_suffix("").parts)) for path in sorted(SRC.glob("*/**/jobs.py"))
]

LOGGING = logs.configuration()
