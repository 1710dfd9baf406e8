"""Pages that everyone may read and that hold nothing personal: products, the policy, cookies, choices."""
