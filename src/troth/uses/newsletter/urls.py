from django.urls import path

from troth.security import hops
from troth.uses.newsletter import views

urlpatterns = [
    path("newsletters/sign-up/", views.sign_up, name="newsletter.sign-up"),
    *hops.paths("newsletters/confirm/<str:token>/", views.confirm, name="newsletter.confirm"),
]
