from django.urls import path

from troth.outbox import views

app_name = "outbox"
urlpatterns = [
    path("outbox/", views.emails, name="emails"),
    path("outbox/<uuid:id>/", views.email, name="email"),
    path("outbox/<uuid:id>/email.html", views.email_html, name="html"),
]
