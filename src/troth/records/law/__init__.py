"""The law: every adopted version of the policy, as text, as tables and as one value."""
