"""OpenSolar's records: projects, contacts, roles and systems."""
