"""How data comes in: one room for each way that the policy declares. Whatever is taken here is kept with its provenance."""
