from django.urls import path

from troth.updates import desk_views, redline, translation_views

urlpatterns = [
    path("updates/", desk_views.list_all, name="console-updates"),
    path("updates/drafts/<uuid:id>/", desk_views.show_draft, name="console-update-draft"),
    path("updates/drafts/<uuid:id>/edit/", desk_views.edit_draft, name="console-update-edit"),
    path("updates/drafts/<uuid:id>/emails/<int:place>/", desk_views.show_email, name="console-update-email"),
    *(
        path(
            f"updates/drafts/<uuid:id>/redline.{ending}",
            desk_views.show_redline,
            {"ending": ending},
            name=f"console-update-redline-{ending}",
        )
        for ending in redline.FORMS
    ),
    path("updates/translations/", translation_views.list_all, name="console-translations"),
    path("updates/translations/<uuid:id>/", translation_views.show, name="console-translation"),
    path("updates/withdrawn/<uuid:id>/", desk_views.show_withdrawn, name="console-update-withdrawn"),
    path("updates/<int:version>/", desk_views.show_update, name="console-update"),
    path("updates/<int:version>/answers.csv", desk_views.export, name="console-update-csv"),
]
