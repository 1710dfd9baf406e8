from django.urls import path

from troth.access.procedures import desk_views, hold_views, retention_views

urlpatterns = [
    path("requests/incident/", desk_views.new_incident, name="console-incident-new"),
    path("requests/disclosure/", desk_views.new_disclosure, name="console-disclosure-new"),
    path("requests/hold/", hold_views.new_hold, name="console-hold-new"),
    path("requests/deleted/", retention_views.show, name="console-retention"),
    path("requests/review/", desk_views.new_review, name="console-review-new"),
]
