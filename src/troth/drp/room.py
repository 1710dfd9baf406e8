from django.utils.translation import gettext_lazy as _

from troth.desk.room import Room

ROOM = Room(
    name="drp",
    places=("agent.request",),
    codes={
        "agent": _("through an agent"),
        "agent told": _("status sent to the agent"),
        "agent not told": _("status not sent to the agent"),
    },
    urls="troth.drp.urls",
    apart={"agent_request": "an agent's request is a privacy request of the person, listed as such"},
    stays={"agent_request": "ids of the agent, which learns that it is done; it leaves with its request"},
)
