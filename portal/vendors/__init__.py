"""One folder a vendor: plain Python between a documented API and our sync. Vendors do not know each other."""
