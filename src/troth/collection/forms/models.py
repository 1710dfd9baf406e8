"""What protects the forms. Nothing here leads to a person without the receipt's secret link."""

from django.db import models


class FormNonce(models.Model):
    """A form that was sent once; sending the same again shows the same receipt."""

    holds = "nothing personal"

    digest = models.BinaryField(primary_key=True)
    form = models.TextField()
    content = models.BinaryField(
        help_text="What was typed, as a digest keyed with the secret itself, which is not kept."
    )
    receipt = models.UUIDField(help_text="The private link of the receipt shown the first time.")
    spent_utc = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "form_nonce"


class RateSalt(models.Model):
    """The day's secret: once it is gone, nobody can tell which network a count belonged to."""

    holds = "nothing personal"

    day = models.DateField(primary_key=True)
    salt = models.BinaryField()

    class Meta:
        db_table = "rate_salt"


class RateCount(models.Model):
    """How often something happened within one window, by the keyed hash of a truncated address."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)
    what = models.TextField()
    digest = models.BinaryField()
    window_utc = models.DateTimeField(db_index=True)
    times = models.IntegerField(default=0)

    class Meta:
        db_table = "rate_count"
        constraints = [models.UniqueConstraint(fields=["what", "digest", "window_utc"], name="rate_count_once")]
