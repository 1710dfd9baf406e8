from django.urls import path

from troth.web.console import case_entry, case_log, cases, inquiries, people, policy, procedures, quotes, sign_in, work

urlpatterns = [
    path("console/", work.work, name="console"),
    path("console/sign-in", sign_in.sign_in, name="console-sign-in"),
    path("console/sign-out", sign_in.sign_out, name="console-sign-out"),
    path("console/quotes/", quotes.listed, name="console-quotes"),
    path("console/quotes/requests.csv", quotes.as_csv, name="console-quotes-csv"),
    path("console/quotes/<str:number>/", quotes.opened, name="console-quote"),
    path("console/inquiries/", inquiries.listed, name="console-inquiries"),
    path("console/inquiries/<str:number>/", inquiries.opened, name="console-inquiry"),
    path("console/cases/", cases.listed, name="console-cases"),
    path("console/cases/new/", case_entry.new, name="console-case-new"),
    path("console/cases/incident/", procedures.new_incident, name="console-incident-new"),
    path("console/cases/disclosure/", procedures.new_disclosure, name="console-disclosure-new"),
    path("console/cases/review/", procedures.new_review, name="console-review-new"),
    path("console/cases/requests.csv", cases.as_csv, name="console-cases-csv"),
    path("console/cases/statistics.csv", case_log.statistics_csv, name="console-case-statistics-csv"),
    path("console/cases/log/", case_log.log, name="console-case-log"),
    path("console/cases/log.csv", case_log.log_csv, name="console-case-log-csv"),
    path("console/cases/<str:number>/", cases.opened, name="console-case"),
    path("console/people/", people.people, name="console-people"),
    path("console/policy", policy.policy, name="console-policy"),
]
