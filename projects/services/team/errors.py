"""Why an act on the team is not possible."""


class Refused(Exception):
    """The text is a sentence for a person: what stands against it, and what to do."""
