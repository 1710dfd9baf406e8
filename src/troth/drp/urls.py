from django.urls import path

from troth.drp import views

urlpatterns = [
    path("drp/openapi.json", views.openapi, name="drp.openapi"),
    path("drp/v1/agent/<str:id>", views.agent, name="drp.agent"),
    path("drp/v1/data-rights-request", views.ask, name="drp.ask"),
    path("drp/v1/data-rights-request/", views.ask, name="drp.ask-slash"),
    path("drp/v1/data-rights-request/<uuid:id>", views.request, name="drp.request"),
]
