from django.urls import path

from troth.uses.support import caller_views, snippet_views

urlpatterns = [
    path("callers/", caller_views.find_page, name="console-callers"),
    path("snippets/", snippet_views.snippets_page, name="console-snippets"),
]
