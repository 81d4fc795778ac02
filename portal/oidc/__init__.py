"""Signing in at an issuer of the installer's own (OpenID Connect): for people who are here already."""
