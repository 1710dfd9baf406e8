from django.urls import path

from troth.uses.support import views

urlpatterns = [path("support/", views.ask, name="support")]
