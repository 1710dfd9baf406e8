from django.urls import path

from troth.access import views

urlpatterns = [path("history/<str:token>/", views.history, name="history")]
