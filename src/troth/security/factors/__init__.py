"""Second factors, and passkeys in place of a password: what the owner of an account holds or keeps in a drawer."""
