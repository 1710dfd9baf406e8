from django.urls import path

from troth.access.organization import views

urlpatterns = [
    path("organization/", views.organization, name="organization"),
    path("organization/share/<uuid:fact>/", views.share, name="organization.share"),
]
