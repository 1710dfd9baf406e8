from django.urls import path

from troth.security import hops
from troth.uses.newsletter import installation_views, views

urlpatterns = [
    path("installations/register/", installation_views.register, name="newsletter.installation"),
    path("policy/notices/", views.sign_up_for_notices, name="newsletter.notices"),
    path("newsletters/", views.archive, name="newsletter.archive"),
    path("newsletters/feed.atom", views.feed, name="newsletter.feed"),
    path("newsletters/wording/<slug:digest>/", views.wording, name="newsletter.wording"),
    path("newsletters/sign-up/", views.sign_up, name="newsletter.sign-up"),
    *hops.paths("newsletters/confirm/<str:token>/", views.confirm, name="newsletter.confirm"),
    path("newsletters/<slug:slug>/", views.issue, name="newsletter.issue"),
]
