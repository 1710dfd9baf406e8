from django.urls import path

from troth.outbox import views

app_name = "outbox"
urlpatterns = [
    path("outbox/", views.letters, name="letters"),
    path("outbox/<uuid:id>/", views.letter, name="letter"),
    path("outbox/<uuid:id>/letter.html", views.letter_html, name="html"),
]
