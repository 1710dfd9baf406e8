from django.urls import path

from troth.uses.quotes import views

urlpatterns = [path("quote/", views.ask, name="quote")]
