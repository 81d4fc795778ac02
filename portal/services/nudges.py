"""Wakes a worker after a commit; a broker that is down costs seconds (the sweep finds the work), never an error."""

import logging

from celery import current_app
from kombu.exceptions import KombuError

log = logging.getLogger("portal.nudges")


def nudge(task: str, *args: int, delay: float = 0.0) -> None:
    """Sends the task by name, without waiting for a broker that does not answer; it is carried out `delay` s later."""
    try:
        current_app.send_task(task, args=args, retry=False, countdown=delay or None)
    except (KombuError, OSError) as error:
        log.warning("%s not announced (%s); the sweep will find it", task, error)


def nudge_run(run_id: int) -> None:
    """There is a queued run."""
    nudge("portal.tasks.run_sync", run_id)


def nudge_fetch(connection_id: int) -> None:
    """There are records to fetch."""
    nudge("portal.tasks.fetch_pending", connection_id)


def nudge_inbox(connection_id: int, delay: float = 0.0) -> None:
    """There are events of a webhook."""
    nudge("portal.tasks.process_inbox", connection_id, delay=delay)


def nudge_hooks(connection_id: int) -> None:
    """There is something to be done to a webhook."""
    nudge("portal.tasks.look_after_hooks", connection_id)
