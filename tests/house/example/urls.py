from django.urls import path
from tests.house.example import views

urlpatterns = [path("support/", views.ask, name="support")]
