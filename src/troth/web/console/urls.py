from django.urls import path

from troth.web.console import inquiries, policy, quotes, sign_in, work

urlpatterns = [
    path("console/", work.work, name="console"),
    path("console/sign-in", sign_in.sign_in, name="console-sign-in"),
    path("console/sign-out", sign_in.sign_out, name="console-sign-out"),
    path("console/quotes/", quotes.listed, name="console-quotes"),
    path("console/quotes/requests.csv", quotes.as_csv, name="console-quotes-csv"),
    path("console/quotes/<str:number>/", quotes.opened, name="console-quote"),
    path("console/inquiries/", inquiries.listed, name="console-inquiries"),
    path("console/inquiries/<str:number>/", inquiries.opened, name="console-inquiry"),
    path("console/policy", policy.policy, name="console-policy"),
]
