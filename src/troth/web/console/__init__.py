"""The staff console: work lists without personal data. Reading it is a separate step with a reason."""
