"""What the portal itself keeps: people, organisations, connections, and the books of the sync engine."""

from portal.models.audit import AuditEntry
from portal.models.change import Change, ChangeSource
from portal.models.connection import Connection, ConnectionState, Lease, login_columns
from portal.models.listing import Cursor, ListingPage
from portal.models.mirrored import MirroredRecord
from portal.models.notification import MailState, Notification, NotificationChoice, Topic
from portal.models.organisation import Kind, Membership, Organisation
from portal.models.outbox import Delivery, DeliveryState, Verb
from portal.models.payload import Payload
from portal.models.pending import PendingFetch, Rank
from portal.models.quota import Quota
from portal.models.run import RunState, SyncProblem, SyncRun
from portal.models.token import ApiToken
from portal.models.user import User
from portal.models.webhook import InboxEvent, InboxState, Webhook, WebhookState

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Change",
    "ChangeSource",
    "Connection",
    "ConnectionState",
    "Cursor",
    "Delivery",
    "DeliveryState",
    "InboxEvent",
    "InboxState",
    "Kind",
    "Lease",
    "ListingPage",
    "MailState",
    "Membership",
    "MirroredRecord",
    "Notification",
    "NotificationChoice",
    "Organisation",
    "Payload",
    "PendingFetch",
    "Quota",
    "Rank",
    "RunState",
    "SyncProblem",
    "SyncRun",
    "Topic",
    "User",
    "Verb",
    "Webhook",
    "WebhookState",
    "login_columns",
]
