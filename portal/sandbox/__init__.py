"""The three vendors' documented APIs, served locally over HTTP with faults on demand.

For the demo, for development and for tests: clients meet here what the vendors' pages promise, and what they only
hint at.
"""
