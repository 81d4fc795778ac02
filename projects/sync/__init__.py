"""How vendors' records become projects' rows; one file a vendor."""
