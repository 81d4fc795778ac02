"""A project's timeline, put together from all that is known."""
