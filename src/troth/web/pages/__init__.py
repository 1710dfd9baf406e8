"""Pages that everybody may read and that hold nothing personal: products, the policy, cookies, choices."""
