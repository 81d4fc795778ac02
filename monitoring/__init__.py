"""Locus Energy's clients, sites and alerts live here."""
