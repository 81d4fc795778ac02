"""What workers do for projects: each task calls a service that finds its work in rows."""

from celery import shared_task

from projects.services.invitations import sending as invitations_sending
from projects.services.pictures import fetching as pictures_fetching
from projects.services.pictures import left as pictures_left


@shared_task(soft_time_limit=600)
def send_invitations() -> None:
    """Sends the mails of invitations that are due."""
    invitations_sending.send_due()


@shared_task(soft_time_limit=600)
def fetch_pictures(connection_id: int | None = None) -> None:
    """Fetches the pictures of systems whose design is new."""
    pictures_fetching.fetch_due(connection_id)


@shared_task(soft_time_limit=600)
def forget_pictures() -> None:
    """Deletes stored pictures that no row names any more."""
    pictures_left.delete_left_behind()
