from django.urls import path

from troth.access.profile import views
from troth.security import hops

urlpatterns = [
    *hops.paths("profile/<str:token>/", views.show_by_link, name="profile"),
    path("account/profile/", views.own, name="account.profile"),
    path("account/profile/<uuid:person>/", views.own, name="account.profile.fact"),
]
