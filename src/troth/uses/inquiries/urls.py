from django.urls import path

from troth.uses.inquiries import views

urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("register/", views.register, name="register"),
]
