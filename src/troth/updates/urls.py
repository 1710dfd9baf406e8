from django.urls import path

from troth.security import hops
from troth.updates import views

urlpatterns = [
    *hops.paths("accept/<str:token>/", views.accept, name="updates.accept"),
    *hops.paths("decline/<str:token>/", views.decline, name="updates.decline"),
    path("policy-notice/hide/", views.hide_notice, name="updates.hide"),
    path("policy/feed.atom", views.feed, name="updates.feed"),
]
