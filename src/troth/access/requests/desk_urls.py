from django.urls import path

from troth.access.requests import desk_views, log

urlpatterns = [
    path("cases/new/", desk_views.new, name="console-case-new"),
    path("cases/statistics.csv", log.statistics_csv, name="console-case-statistics-csv"),
    path("cases/log/", log.log, name="console-case-log"),
    path("cases/log.csv", log.log_csv, name="console-case-log-csv"),
    path("cases/<str:number>/files/<uuid:id>/", desk_views.show_prepared_file, name="console-case-file"),
    path(
        "cases/<str:number>/files/<uuid:id>/download",
        desk_views.show_prepared_file,
        {"fetch": True},
        name="console-case-file-download",
    ),
]
