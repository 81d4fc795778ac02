"""`make bench`: ours beside the plain way and the limit, on the same work, in one run; ratios, not absolute numbers."""
