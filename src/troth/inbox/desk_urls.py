from django.urls import path

from troth.inbox import desk_views

urlpatterns = [
    path("inbox/", desk_views.show_list, name="console-inbox"),
    path("inbox/<uuid:id>/", desk_views.show_mail, name="console-inbox-one"),
]
