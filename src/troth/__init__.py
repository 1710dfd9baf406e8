"""A customer portal in which the published privacy policy is the program."""
