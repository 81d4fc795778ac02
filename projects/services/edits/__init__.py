"""Edits of projects and customers on their way to OpenSolar."""
