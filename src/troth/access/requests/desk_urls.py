from django.urls import path

from troth.access.requests import desk_views, log

urlpatterns = [
    path("requests/new/", desk_views.new, name="console-request-new"),
    path("requests/statistics.csv", log.statistics_csv, name="console-request-statistics-csv"),
    path("requests/log/", log.log, name="console-request-log"),
    path("requests/log.csv", log.log_csv, name="console-request-log-csv"),
    path("requests/<str:number>/files/<uuid:id>/", desk_views.show_prepared_file, name="console-request-file"),
    path(
        "requests/<str:number>/files/<uuid:id>/download",
        desk_views.show_prepared_file,
        {"fetch": True},
        name="console-request-file-download",
    ),
]
