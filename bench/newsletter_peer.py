"""Run by the Python of an environment that has django-newsletter: one issue to so many subscribers, by its own way.

python newsletter_peer.py FOLDER PORT COUNT      prints the seconds of `Submission.submit`
"""

import logging
import sys
import time
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path
from django.utils import timezone

urlpatterns: list[Any] = []


class _Refusing(logging.Handler):
    """It only logs that an email failed: here that ends the run."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.exit(record.getMessage())


def _set_up(folder: str, port: int) -> None:
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/newsletter.sqlite"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sites",
            "sorl.thumbnail",
            "newsletter",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF=__name__,
        SECRET_KEY="of this run alone",
        SITE_ID=1,
        USE_TZ=True,
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        NEWSLETTER_THUMBNAIL="sorl-thumbnail",
        NEWSLETTER_USE_HTTPS=True,
    )
    django.setup()
    urlpatterns.append(path("", include("newsletter.urls")))
    call_command("migrate", verbosity=0)


def _submit(count: int) -> float:
    from django.contrib.sites.models import Site
    from newsletter.models import Article, Message, Newsletter, Submission, Subscription  # type: ignore[import-not-found]

    site = Site.objects.get_current()
    letter = Newsletter.objects.create(title="News", slug="news", email="privacy@acme.example", sender="Acme")
    letter.site.add(site)
    Subscription.objects.bulk_create(
        Subscription(newsletter=letter, name_field="", email_field=f"r{number}@acme.example", subscribed=True)
        for number in range(count)
    )
    message = Message.objects.create(title="Receipt", slug="receipt", newsletter=letter)
    text = "Hello,\n\nwe received your request.\n" * 40
    Article.objects.create(title="Receipt", text=text, post=message, sortorder=10)
    submission = Submission.from_message(message)
    submission.publish_date = timezone.now() - timedelta(seconds=1)
    start = time.perf_counter()
    submission.submit()
    return time.perf_counter() - start


if __name__ == "__main__":
    _set_up(sys.argv[1], int(sys.argv[2]))
    logging.getLogger("newsletter").addHandler(_Refusing(logging.ERROR))
    print(_submit(int(sys.argv[3])))
