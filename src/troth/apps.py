"""The one Django app. Its rooms are plain packages; `troth.models` lists their tables."""

from django.apps import AppConfig

from troth import logs


class TrothConfig(AppConfig):
    name = "troth"
    label = "troth"

    def ready(self) -> None:
        # Rooms and forms bring tables, which may be imported only now.
        from troth.collection.forms.types import open_types
        from troth.desk import index
        from troth.loading import open_loading
        from troth.rooms import ROOMS
        from troth.translating import open_translating

        open_translating()
        open_loading()
        open_types()
        index.open_rooms(ROOMS)
        logs.watch_uncaught()
