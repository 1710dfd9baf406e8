from troth.desk.room import Room

ROOM = Room(
    name="drp",
    places=("agent.request",),
    urls="troth.drp.urls",
    apart={"agent_request": "what her agent sent is a privacy request of hers, listed as such"},
)
