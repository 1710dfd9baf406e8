"""Every address of the site. Pages of the shell come first, then the rooms', each with its own list."""

from django.urls import include, path, re_path
from django.views.decorators.gzip import gzip_page

from troth.desk import index
from troth.web import errors, receipts
from troth.web.pages import choices, cookies, home, machines, policy, products

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.show_failed

# Compressed are only pages without a secret: the length of a compressed page tells of what stands in it.
urlpatterns = [
    path("", gzip_page(home.home), name="home"),
    path("products/", gzip_page(products.products), name="products"),
    path("products/<slug:slug>/", gzip_page(products.product), name="product"),
    path("policy", gzip_page(policy.current), name="policy"),
    path("policy.md", gzip_page(policy.source), name="policy.md"),
    path("policy.jsonld", gzip_page(policy.show_linked_data), name="policy.jsonld"),
    path("policy/versions", gzip_page(policy.versions), name="policy.versions"),
    path("policy/<int:version>", gzip_page(policy.version), name="policy.version"),
    path("policy/<int:version>.md", gzip_page(policy.source), name="policy.version.md"),
    re_path(
        r"^policy/(?P<older>[0-9]{1,6})\.\.(?P<newer>[0-9]{1,6})$",
        gzip_page(policy.difference),
        name="policy.difference",
    ),
    path("cookies/", cookies.cookies, name="cookies"),
    path("privacy-choices/", choices.choices, name="choices"),
    path("brand.css", gzip_page(machines.brand_css), name="brand.css"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/gpc.json", machines.gpc, name="gpc"),
    path(".well-known/security.txt", machines.security_txt, name="security.txt"),
    path("receipt/<str:token>/", receipts.receipt, name="receipt"),
    *(path("", include(room.urls)) for room in index.rooms() if room.urls),
    path("", include("troth.outbox.urls")),
    path("", include("troth.web.console.urls")),
]
