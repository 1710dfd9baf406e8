"""Amounts with their currency, as a customer reads them."""

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def written(cents: int, currency: str) -> str:
    """`$1,250.00`, `€80.00`, `CHF 95.00`; whole cents in, never a float."""
    whole, rest = divmod(abs(cents), 100)
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{'−' if cents < 0 else ''}{sign}{whole:,}.{rest:02}"
