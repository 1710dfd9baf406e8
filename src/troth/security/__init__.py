"""§ Security: who may sign in, and in which role. Passwords are hashed with Argon2id, addresses encrypted.

Policy  #S1
"""
