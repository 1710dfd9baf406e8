from django.urls import path

from troth.uses.newsletter import desk_installations, desk_list, desk_views

urlpatterns = [
    path("newsletters/", desk_list.issues_list, name="console-newsletters"),
    path("newsletters/new/", desk_views.write, name="console-newsletter-new"),
    path("newsletters/installations/", desk_installations.enter, name="console-installations"),
    path("newsletters/<uuid:id>/", desk_views.write, name="console-newsletter"),
    path("newsletters/<uuid:id>/preview/", desk_views.show_preview, name="console-newsletter-preview"),
    path("newsletters/<uuid:id>/editions/<int:edition>/", desk_views.show_edition, name="console-newsletter-edition"),
]
