"""P1, P2, P3, P4 and P6. A new version of the policy: rehearsed, adopted by two people, asked about, told, followed.

A draft is kept as it was saved, and compared with the version in force: for each change whom it concerns, counted from
what the gate knows, without a value. Two members of the privacy staff adopt it; at its effective time the database puts
it in force. Everyone with a known address then gets one email, with the questions that concern them; until they answer,
the gate refuses the new use.
"""
