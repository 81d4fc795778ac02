"""The engine that mirrors vendors' records; it knows no vendor by name (see `source`)."""
