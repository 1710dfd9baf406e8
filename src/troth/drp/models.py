"""Agents' tokens and their requests. Contains no personal data."""

from django.db import models


class AgentToken(models.Model):
    """The hash of a bearer token that an agent got."""

    holds = "nothing personal"

    digest = models.BinaryField(primary_key=True)
    agent = models.TextField()
    made_utc = models.DateTimeField()
    expires_utc = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "agent_token"


class SeenBody(models.Model):
    """A signed body that was accepted: the same one is refused until it expires."""

    holds = "nothing personal"

    digest = models.BinaryField(primary_key=True)
    until_utc = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "agent_body"


class AgentRequest(models.Model):
    """One agent's request, with its own id. Several can belong to one case."""

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
