from django.urls import path, register_converter
from django.urls.converters import StringConverter

from troth.access.requests import views
from troth.security import hops


class CopyForm(StringConverter):
    """The form in which a copy is fetched."""

    regex = "json|pdf|zip|page"


register_converter(CopyForm, "copyform")

urlpatterns = [
    path("privacy/requests/", views.show_list, name="requests"),
    path("privacy/requests/<slug:kind>/", views.ask, name="requests.ask"),
    *hops.paths("case/<str:token>/", views.case, name="case"),
    *hops.paths("case/<str:token>/copy.<copyform:form>", views.give_copy, name="case.copy"),
    path("case/files/<uuid:id>/", views.file, name="case.file"),
    path("case/files/<uuid:id>/download", views.file, {"fetch": True}, name="case.file.download"),
    path("account/requests/ask/<slug:kind>/", views.ask_own, name="account.requests.ask"),
    path("account/requests/<str:number>/copy.<copyform:form>", views.own_copy, name="account.request.copy"),
    path("account/requests/<str:number>/files/<uuid:id>/", views.own_file, name="account.request.file"),
    path(
        "account/requests/<str:number>/files/<uuid:id>/download",
        views.own_file,
        {"fetch": True},
        name="account.request.file.download",
    ),
]
