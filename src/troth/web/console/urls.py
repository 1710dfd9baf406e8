from django.urls import include, path

from troth.desk import index
from troth.web.console import (
    case_entry,
    case_log,
    cases,
    operations,
    people,
    policy,
    procedures,
    sign_in,
)
from troth.web.console import (
    work as first,
)

urlpatterns = [
    path("console/", first.work, name="console"),
    path("console/sign-in", sign_in.sign_in, name="console-sign-in"),
    path("console/sign-out", sign_in.sign_out, name="console-sign-out"),
    *(path(f"console/{work.name}/", include(work.urls())) for work in index.work_lists()),
    path("console/cases/", cases.listed, name="console-cases"),
    path("console/cases/new/", case_entry.new, name="console-case-new"),
    path("console/cases/incident/", procedures.new_incident, name="console-incident-new"),
    path("console/cases/disclosure/", procedures.new_disclosure, name="console-disclosure-new"),
    path("console/cases/review/", procedures.new_review, name="console-review-new"),
    path("console/cases/requests.csv", cases.as_csv, name="console-cases-csv"),
    path("console/cases/statistics.csv", case_log.statistics_csv, name="console-case-statistics-csv"),
    path("console/cases/log/", case_log.log, name="console-case-log"),
    path("console/cases/log.csv", case_log.log_csv, name="console-case-log-csv"),
    path("console/cases/<str:number>/files/<uuid:id>/", cases.prepared_file, name="console-case-file"),
    path(
        "console/cases/<str:number>/files/<uuid:id>/download",
        cases.prepared_file,
        {"fetch": True},
        name="console-case-file-download",
    ),
    path("console/cases/<str:number>/", cases.opened, name="console-case"),
    path("console/people/", people.people, name="console-people"),
    path("console/failed/<int:job>/again", operations.try_again, name="console-try-again"),
    path("console/emails/<uuid:email>/again", operations.send_again, name="console-send-again"),
    path("console/activity", operations.activity, name="console-activity"),
    path("console/policy", policy.policy, name="console-policy"),
]
