"""Starts the portal's processes together and ends them together: for `make run` and `make demo`."""
