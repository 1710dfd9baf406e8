"""Lists of requests in the console: what they show, how they are narrowed, and one of them opened.

worklist    `WorkList`: a list as its room says it; shape: what all lists have, and Work, which is all of them as one
pages       its addresses and pages; opened: one request opened beside it
filters     what an address asks for; sorting, searching: in which order, and with which words
paging      its rows, a page at a time; neighbors: what is before and after an opened one; similar: what is alike
lines       one request as a list shows it; rows: such lines as a table; companies: whose they are
saved_views filters under a name of the user's own, with their counts; keys: whether single letters act there
placing     open requests by their urgency, for the first page
bulk        one act for several rows: the preview; runs: slice after slice
"""
