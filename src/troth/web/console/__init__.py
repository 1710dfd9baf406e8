"""The staff console: work lists without a single sealed value; reading one is a step of its own, with a reason."""
