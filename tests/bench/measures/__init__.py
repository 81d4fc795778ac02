"""One module a group of figures; each has `measure(stage, options, vendor)` and yields them."""
