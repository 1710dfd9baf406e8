from django.urls import include, path

from troth.access import views

urlpatterns = [
    path("", include("troth.access.account.urls")),
    path("history/<str:token>/", views.history, name="history"),
    path("history/<str:token>/receipts.json", views.receipts, name="history.receipts"),
    path("history/<str:token>/choices.jsonld", views.consents, name="history.consents"),
    path(".well-known/troth-ledger.json", views.ledger, name="ledger"),
    path("", include("troth.access.preferences.urls")),
    path("", include("troth.access.profile.urls")),
    path("", include("troth.access.requests.urls")),
    path("", include("troth.access.organization.urls")),
]
