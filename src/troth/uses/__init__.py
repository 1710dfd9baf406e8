"""What the data is used for: one room for each heading of the policy. A room receives data from the gate, never fetches it."""
