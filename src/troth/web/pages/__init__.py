"""Public pages without personal data: products, the policy, cookies, choices."""
