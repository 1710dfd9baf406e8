"""Registration screens and online forms, built from the policy: they ask what it states and refuse everything else.

Policy  #I3, #C1, #C2, #C12, #S2

form = forms.build(policy, "form.quote", opened=forms.issue_nonce("form.quote"))          # to show
form = forms.build(policy, "form.quote", data=request.POST)                          # to read
link = forms.receive(form, record=actions.record, at_utc=now)                         # raises AlreadySent
"""

from troth.collection.forms.build import build
from troth.collection.forms.form import PolicyForm
from troth.collection.forms.nonce import AlreadySent, issue_nonce
from troth.collection.forms.origin import from_our_page, read_referrer
from troth.collection.forms.page import FormPage, answer
from troth.collection.forms.receive import receive
from troth.collection.forms.uploads import takes_files

__all__ = [
    "AlreadySent",
    "FormPage",
    "PolicyForm",
    "answer",
    "build",
    "from_our_page",
    "issue_nonce",
    "read_referrer",
    "receive",
    "takes_files",
]
