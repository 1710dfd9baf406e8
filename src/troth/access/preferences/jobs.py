from datetime import UTC, datetime

from procrastinate.contrib.django import app

from troth.access.preferences import pausing


@app.periodic(cron="*/5 * * * *")
@app.task(name="preferences.end_pauses", queueing_lock="preferences.end_pauses")
def end_pauses(timestamp: int) -> None:
    """What was paused stands again when its time is over."""
    pausing.end_due(at_utc=datetime.now(UTC))
