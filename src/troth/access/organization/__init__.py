"""Organizations as their members use them: creating, joining, inviting, roles and sharing.

Policy  #colleagues
"""
