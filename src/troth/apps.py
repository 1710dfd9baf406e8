"""The one Django app. Its rooms are plain packages; `troth.models` lists their tables."""

from django.apps import AppConfig


class TrothConfig(AppConfig):
    name = "troth"
    label = "troth"
