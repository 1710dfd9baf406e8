"""Amounts with their currency, as a customer reads them."""

from decimal import Decimal

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def format_money(amount: Decimal, currency: str) -> str:
    """`$1,250.00`, `€80.00`, `CHF 95.00`."""
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{'−' if amount < 0 else ''}{sign}{abs(amount):,.2f}"
