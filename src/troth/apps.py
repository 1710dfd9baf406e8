"""The one Django app. Its rooms are plain packages; `troth.models` lists their tables."""

from django.apps import AppConfig

from troth import logs


class TrothConfig(AppConfig):
    name = "troth"
    label = "troth"

    def ready(self) -> None:
        # Rooms bring tables, which may be imported only now.
        from troth.desk import index
        from troth.rooms import ROOMS

        index.open_rooms(ROOMS)
        logs.watch_uncaught()
