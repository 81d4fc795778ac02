"""Pictures of systems, fetched once for each design."""
