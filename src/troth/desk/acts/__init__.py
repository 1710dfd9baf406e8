"""What staff do with an opened request. Each act is one form, with its errors beside the fields.

act         `DeskAct`: one thing that staff may do; form: how its form shows it
panels      what a kind of request brings of its own
standard    what all kinds have, as far as it fits, from the modules below

Each of these has its acts, what the next page says of them, and what undoes them:

assigning   to a colleague, to oneself, to no one; handing: asked for by a colleague, and handed over
answering   the conversation: reply, draft, snippets (weaving, times: how it is shown)
noting      internal notes; waiting: put off until a day; joining: merged and split
deciding    verified, extended, approved, denied, where a law has a clock; closing: closed, and opened again
properties  assignee, product, priority and wait as one form with one button
undoing     what the next page says of an act on one request, and how that act or a run is undone
"""

from troth.desk.acts.act import DATE as DATE
from troth.desk.acts.act import LINE as LINE
from troth.desk.acts.act import WAS as WAS
from troth.desk.acts.act import DeskAct as DeskAct
from troth.desk.acts.act import Doing as Doing
from troth.desk.acts.act import Field as Field
from troth.desk.acts.panels import Panel as Panel
