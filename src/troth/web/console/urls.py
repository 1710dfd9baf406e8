from django.urls import include, path

from troth.desk import index
from troth.desk.lists.pages import make_urls
from troth.web.console import addresses, operations, policy
from troth.web.console import work as first

urlpatterns = [
    path("console/", first.work, name="console"),
    *(path("console/", include(urls)) for urls in index.desk_urls()),
    *(path(f"console/{work.name}/", include(make_urls(work))) for work in index.work_lists()),
    path("console/work/requests.csv", first.export, name="console-work-csv"),
    path("console/work/bulk/", first.change_many, name="console-work-bulk"),
    path("console/work/bulk/<uuid:run>/", first.show_run, name="console-work-run"),
    path("console/work/<str:number>/", first.open_one, name="console-work-one"),
    *addresses.list_former(),
    path("console/failed/<int:job>/again", operations.try_again, name="console-try-again"),
    path("console/activity", operations.activity, name="console-activity"),
    path("console/policy", policy.policy, name="console-policy"),
]
