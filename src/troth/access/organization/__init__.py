"""Organizations as their members use them: founding, joining, inviting, roles, and what members share.

Policy  #colleagues
"""
