from troth.desk.room import Room

ROOM = Room(
    name="drp",
    places=("agent.request",),
    urls="troth.drp.urls",
    apart={"agent_request": "an agent's request is a privacy request of the person, listed as such"},
    stays={"agent_request": "ids of the agent, which learns that it is done; it leaves with its request"},
)
