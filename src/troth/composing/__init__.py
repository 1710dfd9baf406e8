"""What an email says, as Markdown with blocks: read into a few kinds of block, checked, and shown as HTML and text.

    ::: offer                 only in marketing: other emails have no such block
    Training seats are half price until December 2.
    :::

    ::: event 2026-12-09 Lot recall in practice, Fresno
    ::: product optipro-process
    ![The recall screen](recall.png)            a file of the site folder, which goes inside the email
    ---                                         a divider

Policy  #U1, #U2, #U4
"""

from troth.composing.grammar import Composed, Problem, compose
from troth.composing.offers import Flag, find_flags
from troth.composing.rendering import to_html, to_text

__all__ = ["Composed", "Flag", "Problem", "compose", "find_flags", "to_html", "to_text"]
