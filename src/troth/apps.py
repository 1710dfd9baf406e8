"""The one Django app. Its rooms are plain packages; `troth.models` lists their tables."""

from django.apps import AppConfig

from troth import logs


class TrothConfig(AppConfig):
    name = "troth"
    label = "troth"

    def ready(self) -> None:
        logs.watch_uncaught()
