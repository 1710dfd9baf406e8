from django.utils.translation import gettext_lazy as _

from troth.desk.room import Room

ROOM = Room(
    name="drp",
    places=("agent.request",),
    codes={"agent": _("through an agent")},
    urls="troth.drp.urls",
    apart={"agent_request": "an agent's request is a privacy request of the person, listed as such"},
)
