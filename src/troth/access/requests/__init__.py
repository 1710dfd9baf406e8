"""§ Access: privacy requests as a person makes and follows them: asked by form, proven by mail or sign-in, answered.

Policy  #A4, #L2
"""
