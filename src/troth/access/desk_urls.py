from django.urls import path

from troth.access import desk_views

urlpatterns = [path("people/", desk_views.people, name="console-people")]
