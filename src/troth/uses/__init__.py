"""What the data is used for: a room for each heading of the policy. Rooms receive data, they never fetch it."""
