from django.urls import path

from troth.uses.support import snippet_views

urlpatterns = [path("snippets/", snippet_views.snippets_page, name="console-snippets")]
