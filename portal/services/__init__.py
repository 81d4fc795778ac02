"""Acts and questions of the portal itself, used by pages, API, admin, commands and tasks."""
