from django.urls import path

from troth.california import views

urlpatterns = [
    path("california/", views.rights, name="california"),
    path("california/request/", views.ask, name="california.ask"),
    path("california/answer/<str:token>/", views.answer, name="california.answer"),
    path("california/mine/<str:number>/", views.own_answer, name="california.own"),
]
