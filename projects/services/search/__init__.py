"""What projects offers to the search, and how it finds."""
