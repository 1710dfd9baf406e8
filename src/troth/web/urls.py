"""Every address of the site. Pages of the shell come first, then the rooms', each with its own list."""

from django.urls import include, path, re_path

from troth.desk import index
from troth.web import errors
from troth.web.compressing import compress
from troth.web.pages import choices, cookies, home, machines, policy, products

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.show_failed

urlpatterns = [
    path("", compress(home.home), name="home"),
    path("products/", compress(products.products), name="products"),
    path("products/<slug:slug>/", compress(products.product), name="product"),
    path("policy", compress(policy.current), name="policy"),
    path("policy.md", compress(policy.source), name="policy.md"),
    path("policy.jsonld", compress(policy.show_linked_data), name="policy.jsonld"),
    path("policy/versions", compress(policy.versions), name="policy.versions"),
    path("policy/<int:version>", compress(policy.version), name="policy.version"),
    path("policy/<int:version>.md", compress(policy.source), name="policy.version.md"),
    path("policy/<language:language>", compress(policy.current), name="policy.language"),
    path("policy/<int:version>/<language:language>", compress(policy.version), name="policy.version.language"),
    path("policy/<int:version>.<language:language>.md", compress(policy.source), name="policy.version.language.md"),
    re_path(
        r"^policy/(?P<older>[0-9]{1,6})\.\.(?P<newer>[0-9]{1,6})$",
        compress(policy.difference),
        name="policy.difference",
    ),
    path("cookies/", cookies.cookies, name="cookies"),
    path("privacy-choices/", choices.choices, name="choices"),
    path("brand.css", compress(machines.brand_css), name="brand.css"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/gpc.json", machines.gpc, name="gpc"),
    path(".well-known/security.txt", machines.security_txt, name="security.txt"),
    *(path("", include(room.urls)) for room in index.rooms() if room.urls),
    path("", include("troth.outbox.urls")),
    path("", include("troth.web.console.urls")),
]
