"""One module a way of doing the work; each has `measure(**arguments)` and runs in a process of its own."""
