"""The numbers and lists of the home page."""
