from django.urls import include, path

from troth.access import views
from troth.security import hops

urlpatterns = [
    path("", include("troth.access.account.urls")),
    *hops.paths("history/<str:token>/", views.history, name="history"),
    *hops.paths("history/<str:token>/receipts.json", views.receipts, name="history.receipts"),
    *hops.paths("history/<str:token>/choices.jsonld", views.consents, name="history.consents"),
    path(".well-known/troth-ledger.json", views.ledger, name="ledger"),
    path("", include("troth.access.preferences.urls")),
    path("", include("troth.access.profile.urls")),
    path("", include("troth.access.requests.urls")),
    path("", include("troth.access.organization.urls")),
]
