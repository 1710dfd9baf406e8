from django.urls import path

from troth.access.preferences import views
from troth.security import hops

urlpatterns = [
    *hops.paths("preferences/<str:token>/", views.show_by_link, name="preferences"),
    path("account/preferences/", views.own, name="account.preferences"),
    *hops.paths("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
