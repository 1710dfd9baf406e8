"""§ Access: people see what we hold about them and everything that happened with it.

Policy  #A3

story     the ledger in plain words
actions   what a private link shows: values through the gate, covered or plain
"""
