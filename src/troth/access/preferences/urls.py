from django.urls import path

from troth.access.preferences import views

urlpatterns = [
    path("preferences/<str:token>/", views.mailed, name="preferences"),
    path("account/preferences/", views.own, name="account.preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
