"""§ Access: privacy requests: made by form, verified by email or sign-in, and answered.

Policy  #A4, #L2
"""
