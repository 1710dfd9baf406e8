from django.db import models

from troth.security.models import User


class Passkey(models.Model):
    """A public key; the private one never leaves the owner's device."""

    holds = "person"

    user = models.ForeignKey(User, models.CASCADE)
    credential = models.BinaryField(help_text="The authenticator's attested credential data, as WebAuthn defines it.")
    credential_id = models.BinaryField(unique=True)
    uses = models.BigIntegerField(default=0, help_text="The authenticator's own counter, where it has one.")
    made_utc = models.DateTimeField()
    used_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "passkey"


class Authenticator(models.Model):
    """The secret shared with an app that shows a new code every 30 seconds."""

    holds = "person"

    user = models.OneToOneField(User, models.CASCADE, primary_key=True)
    hidden = models.BinaryField(help_text="Sealed by the master key for this use.")
    last_step = models.BigIntegerField(default=0, help_text="A code is taken once: no step up to this one counts.")
    proven_utc = models.DateTimeField(null=True, help_text="Empty until the first code was right.")

    class Meta:
        db_table = "authenticator"


class RecoveryCode(models.Model):
    """One recovery code, as a keyed hash of its account and itself."""

    holds = "person"

    user = models.ForeignKey(User, models.CASCADE)
    digest = models.BinaryField(unique=True)
    spent_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"
