"""What the clock does for the forms."""

from procrastinate.contrib.django import app

from troth.collection.forms import nonce


@app.periodic(cron="17 3 * * *")
@app.task(name="forms.forget", queueing_lock="forms.forget")
def forget(timestamp: int) -> None:
    """Forgets spent nonces that cannot return."""
    nonce.forget_spent()
