from troth.desk.room import Room

ROOM = Room(
    name="drp",
    places=("agent.request",),
    urls="troth.drp.urls",
    apart={"agent_request": "an agent's request is a privacy request of the person, listed as such"},
)
