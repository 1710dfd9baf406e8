from django.urls import include, path

from troth.desk import index
from troth.web.console import addresses, operations, policy
from troth.web.console import work as first

urlpatterns = [
    path("console/", first.work, name="console"),
    *(path("console/", include(urls)) for urls in index.desk_urls()),
    *(path(f"console/{work.name}/", include(work.urls())) for work in index.work_lists()),
    *addresses.list_former(),
    path("console/failed/<int:job>/again", operations.try_again, name="console-try-again"),
    path("console/activity", operations.activity, name="console-activity"),
    path("console/policy", policy.policy, name="console-policy"),
]
