"""What agents hold against us, and what they asked for. Nothing here is a value of a person."""

from django.db import models


class AgentToken(models.Model):
    """A bearer token that an agent was given: its hash alone."""

    holds = "nothing personal"

    digest = models.BinaryField(primary_key=True)
    agent = models.TextField()
    made_utc = models.DateTimeField()
    expires_utc = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "agent_token"


class SeenBody(models.Model):
    """A signed body that was taken: the same one is refused until it has expired by itself."""

    holds = "nothing personal"

    digest = models.BinaryField(primary_key=True)
    until_utc = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "agent_body"


class AgentRequest(models.Model):
    """What one agent asked for, under an id of its own. Several may lead to one case."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    agent = models.TextField(db_index=True)
    case = models.ForeignKey("troth.Case", models.CASCADE, related_name="+")
    exercise = models.TextField()
    agent_request_id = models.TextField(default="")
    status_callback = models.TextField(default="")
    received_utc = models.DateTimeField()
    revoked_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "agent_request"
