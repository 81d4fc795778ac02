"""What workers do: each task loads by id and calls a service; losing one loses time, never work."""

from celery import shared_task

from portal.services import inbox, mails, notices_deliveries, notices_watch, outbox, pruning, syncing


@shared_task(soft_time_limit=3500)
def run_sync(run_id: int) -> None:
    """Carries out a queued sync run."""
    syncing.run_queued(run_id)


@shared_task(soft_time_limit=600)
def fetch_pending(connection_id: int) -> None:
    """Fetches single records that wait."""
    syncing.fetch_pending(connection_id)


@shared_task(soft_time_limit=600)
def process_inbox(connection_id: int) -> None:
    """Follows what webhooks brought."""
    inbox.process(connection_id)


@shared_task(soft_time_limit=600)
def look_after_hooks(connection_id: int) -> None:
    """Does what somebody wishes done to a webhook."""
    inbox.look_after(connection_id)


@shared_task
def sweep() -> None:
    """Finds due work and work that a lost message forgot."""
    syncing.sweep(
        # A hint that nobody took is worth nothing after the next sweep has given another.
        lambda run_id: run_sync.apply_async((run_id,), expires=60),
        lambda connection_id: fetch_pending.apply_async((connection_id,), expires=60),
    )
    inbox.sweep(
        lambda connection_id: process_inbox.apply_async((connection_id,), expires=60),
        lambda connection_id: look_after_hooks.apply_async((connection_id,), expires=60),
    )


@shared_task(soft_time_limit=600)
def notify() -> None:
    """Tells people what is new and sends the mails that are due."""
    notices_watch.look()
    notices_deliveries.tell_authors()
    mails.send_due()


@shared_task
def prune() -> None:
    """Deletes what is old."""
    pruning.prune()


@shared_task(soft_time_limit=600)
def deliver(connection_id: int) -> None:
    """Sends the edits that wait."""
    outbox.deliver(connection_id)


@shared_task
def sweep_deliveries() -> None:
    """Finds edits that are due or that a dead worker left behind."""
    outbox.sweep(lambda connection_id: deliver.apply_async((connection_id,), expires=60))
