"""The shell: addresses, public pages, and the look of all pages.

Rooms bring their own pages; this package gives them the frame (`web/site.html`, `web/console.html`), the tags that
speak for the policy (`{% load troth %}`) and the promises that every answer keeps: no cookie for looking, no script,
no page left blank when the database is away.
"""
