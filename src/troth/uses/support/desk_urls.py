from django.urls import path

from troth.uses.support import caller_views, figures, snippet_views

urlpatterns = [
    path("callers/", caller_views.find_page, name="console-callers"),
    path("support-figures/", figures.figures_page, name="console-support-figures"),
    path("snippets/", snippet_views.snippets_page, name="console-snippets"),
]
