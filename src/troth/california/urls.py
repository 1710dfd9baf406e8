from django.urls import path

from troth.california import views
from troth.security import hops

urlpatterns = [
    path("california/", views.rights, name="california"),
    path("california/request/", views.ask, name="california.ask"),
    *hops.paths("california/answer/<str:token>/", views.answer, name="california.answer"),
    path("california/mine/<str:number>/", views.own_answer, name="california.own"),
]
