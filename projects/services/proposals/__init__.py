"""Proposals in figures, the portfolio of all, and what was promised."""
