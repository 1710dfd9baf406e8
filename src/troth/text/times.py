"""Lengths of time of the program's own settings in words: 10 minutes, 24 hours, 14 days."""

from datetime import timedelta

from django.utils.translation import ngettext

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def lasting(time: timedelta) -> str:
    """10 minutes, 24 hours, 14 days: in the largest unit that needs no fraction, days from two of them on."""
    if time >= 2 * _DAY and not time % _DAY:
        return ngettext("%d day", "%d days", time // _DAY) % (time // _DAY)
    if time >= _HOUR and not time % _HOUR:
        return ngettext("%d hour", "%d hours", time // _HOUR) % (time // _HOUR)
    minutes = time // timedelta(minutes=1)
    return ngettext("%d minute", "%d minutes", minutes) % minutes
