"""Measurements, each printing figures beside their targets: `python -m bench.<name>`."""
