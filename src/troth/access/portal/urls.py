from django.urls import path

from troth.access.portal import views
from troth.security import hops

urlpatterns = [
    path("account/undo/", views.undo, name="account.undo"),
    path("account/products/", views.products, name="account.products"),
    path("account/requests/", views.requests, name="account.requests"),
    *hops.paths("conversation/<str:token>/", views.conversation, name="conversation"),
    path("account/requests/<str:number>/", views.one, name="account.request"),
]
