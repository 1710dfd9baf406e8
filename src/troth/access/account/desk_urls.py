from django.urls import path

from troth.access.account import desk_entering

urlpatterns = [
    path("sign-in", desk_entering.sign_in, name="console-sign-in"),
    path("sign-out", desk_entering.sign_out, name="console-sign-out"),
]
