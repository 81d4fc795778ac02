"""The price book: read, and written by administrators."""
