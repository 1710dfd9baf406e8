from django.urls import path

from troth.deliveries import desk_views

urlpatterns = [
    path("outbox/", desk_views.show_board, name="console-outbox"),
    path("outbox/bulk/", desk_views.change_many, name="console-outbox-bulk"),
    path("outbox/bulk/<uuid:run>/", desk_views.show_run, name="console-outbox-run"),
    path("outbox/lanes/<slug:lane>/", desk_views.try_lane, name="console-outbox-lane"),
    path("outbox/addresses/", desk_views.show_blocked, name="console-outbox-addresses"),
    path("outbox/addresses/<slug:mark>/", desk_views.unblock, name="console-outbox-address"),
    path("outbox/release/", desk_views.release, name="console-outbox-release"),
    path("outbox/emails.csv", desk_views.export, name="console-outbox-csv"),
    path("outbox/<uuid:id>/", desk_views.show_email, name="console-outbox-one"),
    path("outbox/<uuid:id>/email.html", desk_views.show_html, name="console-outbox-html"),
]
