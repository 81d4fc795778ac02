"""What workers do for projects: each task calls a service that finds its work in rows."""

from celery import shared_task

from projects.services import invitations_sending


@shared_task(soft_time_limit=600)
def send_invitations() -> None:
    """Sends the mails of invitations that are due."""
    invitations_sending.send_due()
