from django.urls import path

from troth.access import receipts, views
from troth.security import hops

urlpatterns = [
    *hops.paths("history/<str:token>/", views.history, name="history"),
    *hops.paths("history/<str:token>/receipts.json", views.receipts, name="history.receipts"),
    *hops.paths("history/<str:token>/choices.jsonld", views.consents, name="history.consents"),
    path("receipt/<str:token>/", receipts.receipt, name="receipt"),
    path(".well-known/troth-ledger.json", views.ledger, name="ledger"),
]
