"""Procedures of the staff, which run as requests do: incidents, access reviews, disclosures that a law requires.

Policy  #U8
"""
