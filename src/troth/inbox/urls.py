from django.urls import path

from troth.inbox import views

urlpatterns = [path("outbox/write/", views.write, name="inbox-write")]
