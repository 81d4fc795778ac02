"""Mirrored OpenSolar records over the REST API."""
