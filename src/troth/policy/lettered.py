"""A rule for markdown-it: a paragraph of lines that all begin with a letter, as nearly all prose is.

No other block begins with a letter, so that no other rule has to be tried on any of its lines.
"""

from markdown_it.rules_block import StateBlock


def read_lettered(state: StateBlock, first: int, _last: int, _silent: bool) -> bool:
    """Whether such a paragraph begins on this line; it is read as the rules would read it that come after."""
    end = first
    while end < state.lineMax and not state.isEmpty(end):
        # A line that is indented otherwise than its block may continue another one, such as a quotation.
        if state.sCount[end] != state.blkIndent or not state.src[state.bMarks[end] + state.tShift[end]].isalpha():
            return False
        end += 1
    state.line = end
    state.push("paragraph_open", "p", 1).map = [first, end]
    words = state.push("inline", "", 0)
    words.content, words.map, words.children = (
        state.getLines(first, end, state.blkIndent, False).strip(),
        [first, end],
        [],
    )
    state.push("paragraph_close", "p", -1)
    return True
