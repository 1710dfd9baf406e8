from django.urls import path

from troth.access.portal import views

urlpatterns = [
    path("account/undo/", views.undo, name="account.undo"),
    path("account/products/", views.products, name="account.products"),
    path("account/requests/", views.requests, name="account.requests"),
    path("account/requests/<str:number>/", views.one, name="account.request"),
]
