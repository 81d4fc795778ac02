"""What a project's page tells, apart from its timeline."""
