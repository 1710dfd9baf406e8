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
