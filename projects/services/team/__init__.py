"""The team as one list, and what is done to its members."""
