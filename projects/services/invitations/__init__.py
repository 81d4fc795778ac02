"""Invitations into the team, from the first mail to the login."""
