"""The project pages."""
