from django.urls import path

from troth.access.procedures import desk_views

urlpatterns = [
    path("cases/incident/", desk_views.new_incident, name="console-incident-new"),
    path("cases/disclosure/", desk_views.new_disclosure, name="console-disclosure-new"),
    path("cases/review/", desk_views.new_review, name="console-review-new"),
]
