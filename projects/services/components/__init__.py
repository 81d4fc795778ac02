"""The component catalogue, and what it says of the parts of a system."""
