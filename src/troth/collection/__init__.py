"""How data comes in: a room for each way that the policy declares. What is taken is kept with its provenance."""
