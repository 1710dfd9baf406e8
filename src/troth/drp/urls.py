from django.urls import path

from troth.drp import views

urlpatterns = [
    path("openapi.json", views.openapi, name="drp.openapi"),
    path("v1/agent/<str:id>", views.agent, name="drp.agent"),
    path("v1/data-rights-request", views.ask, name="drp.ask"),
    path("v1/data-rights-request/", views.ask, name="drp.ask-slash"),
    path("v1/data-rights-request/<uuid:id>", views.request, name="drp.request"),
]
