"""One row of every model for a company, full of words that nobody else may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.test import override_settings
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import (
    ApiToken,
    AuditEntry,
    Change,
    Connection,
    Cursor,
    Delivery,
    InboxEvent,
    Kind,
    Lease,
    ListingPage,
    Membership,
    Notification,
    NotificationChoice,
    Organisation,
    Payload,
    PendingFetch,
    Quota,
    RunState,
    SyncProblem,
    SyncRun,
    Topic,
    User,
    Webhook,
    login_columns,
)
from portal.sync.gate import Gate
from projects.models import (
    Account,
    ComponentActivation,
    Contact,
    Costing,
    Event,
    Invitation,
    ListChoice,
    PaymentOption,
    PricingScheme,
    PrivateFile,
    Project,
    ProjectContact,
    Proposal,
    Role,
    SavedView,
    SavedViewPin,
    SoldPromise,
    System,
    SystemPicture,
    WebhookLog,
)
from tests.conftest import Company
from tests.factories import (
    NOON,
    make_contact,
    make_event,
    make_file,
    make_picture,
    make_project,
    make_promise,
    make_proposal,
    make_role,
    make_system,
)
from tests.price_factories import make_account, make_component, make_costing, make_payment_option, make_scheme

# None of these may stand in anything that an outsider is given.
TELLTALES = ("Leavitt", "Zircon", "Sunny Solar", "sunny.example", "Administrator Sunny", "token-of-sunny")

Belongings = dict[type[Model], Any]


def furnish(company: Company, number: int = 0) -> Belongings:
    """A connection of its own with one row of every model behind it; `number` tells several apart."""
    person = User.objects.create_user(f"leavitt{number}@sunny.example", first_name="Henrietta", last_name="Leavitt")
    with scopes_disabled():
        connection = Connection.objects.create(
            organisation=company.organisation,
            vendor="opensolar",
            account_id=f"Zircon{number}",
            base_url="http://127.0.0.1:9/opensolar",
            **login_columns({"token": "token-of-sunny", "owner": f"Leavitt{number}"}),
            message="Zircon said no.",
            created_by=person,
        )
        membership = Membership.objects.create(
            organisation=company.organisation, user=person, derived_kind=Kind.SALES, derived_because="Zircon"
        )
        token, _secret = ApiToken.objects.create(user=person, organisation=company.organisation, name="Zircon export")
    mine = {Organisation: company.organisation, User: person, Membership: membership, ApiToken: token}
    with scopes_disabled():
        mine[AuditEntry] = AuditEntry.objects.create(
            organisation=company.organisation, actor=person, actor_name="Leavitt", act="team.invited", about="Zircon"
        )
    mine |= _notices(membership)
    mine |= _kept_views(membership)
    return {**mine, Connection: connection, **_books(connection, person), **_records(connection, membership)}


def _notices(membership: Membership) -> Belongings:
    whose = {"organisation": membership.organisation, "membership": membership, "topic": Topic.SOLD}
    with scopes_disabled():
        return {
            Notification: Notification.objects.create(**whose, key="zircon", title="Sold: Zircon Lane", url="/"),
            NotificationChoice: NotificationChoice.objects.create(**whose, in_portal=True, by_mail=False),
        }


def _kept_views(membership: Membership) -> Belongings:
    whose = {"organisation": membership.organisation}
    with scopes_disabled():
        view = SavedView.objects.create(
            **whose, owner=membership, name="Zircon views", query="q=zircon", is_shared=True
        )
        return {
            SavedView: view,
            SavedViewPin: SavedViewPin.objects.create(**whose, view=view, membership=membership),
            ListChoice: ListChoice.objects.create(**whose, membership=membership, columns=["customer", "price"]),
        }


def _records(connection: Connection, membership: Membership) -> Belongings:
    contact = make_contact(connection, display="Henrietta Swan Leavitt", email="henrietta@sunny.example")
    project = make_project(connection, (contact,), title="Zircon Lane roof", address="1 Zircon Lane")
    with scopes_disabled():
        link = ProjectContact.objects.get(connection=connection)
        invitation = Invitation.objects.create(
            organisation=connection.organisation,
            email="zircon@sunny.example",
            name="Zircon Leavitt",
            given_kind=Kind.SALES,
            digest="d" * 59 + f"{connection.pk:05}",
            expires_at=NOON + timedelta(days=3650),
        )
    system = make_system(project, name="Zircon option")
    return {
        Invitation: invitation,
        Event: make_event(project, title="Zircon visit"),
        PrivateFile: make_file(project, title="Zircon lease.pdf"),
        SystemPicture: make_picture(system, trouble="Zircon sent no picture."),
        Role: make_role(connection, display="Leavitt the surveyor", membership=membership),
        Contact: contact,
        Project: project,
        ProjectContact: link,
        System: system,
        PricingScheme: make_scheme(connection, title="Zircon per watt"),
        PaymentOption: make_payment_option(connection, title="Zircon loan"),
        Costing: make_costing(connection, title="Zircon costs"),
        ComponentActivation: make_component(connection, code="Zircon 440"),
        Account: make_account(connection, name="Zircon company"),
        Proposal: make_proposal(project, language="zircon"),
        SoldPromise: make_promise(project, system_name="Zircon promised"),
    }


def _books(connection: Connection, person: User) -> Belongings:
    with scopes_disabled(), override_settings(VENDOR_QUOTAS=True):
        with Gate(connection) as gate:
            gate.take("project")
        cursor = Cursor.objects.create(connection=connection, resource="projects", page=3)
        run = SyncRun.objects.create(
            connection=connection,
            state=RunState.PARTIAL,
            asked_by=person,
            message="Zircon Lane was not taken in.",
            started_at=NOON,
            finished_at=NOON + timedelta(seconds=40),
            counts={"projects": {"fetched": 1284, "updated": 12, "failed": 1}},
        )
        about = {"connection": connection, "resource": "projects", "vendor_id": "3001"}
        problem = SyncProblem.objects.create(
            **about,
            what=SyncProblem.What.REMOVALS,
            run=run,
            reason="Zircon Lane has no date.",
            payload='{"title": "Zircon"}',
            seen_at=NOON,
        )
        news = {"organisation": connection.organisation, "field": "title", "after": '"Zircon Lane roof"', "at": NOON}
        body = {"shape": "list", "digest": b"z" * 16, "requested_at": NOON, "body": '{"title": "Zircon"}'}
        return {
            Change: Change.objects.create(**about, **news, actor=person),
            Quota: Quota.objects.filter(owner__contains="account").latest("pk"),
            Cursor: cursor,
            Webhook: Webhook.objects.create(
                organisation=connection.organisation,
                connection=connection,
                key=f"zircon{connection.pk}",
                secret={"secret": "Zircon"},
                message="Zircon does not report.",
            ),
            InboxEvent: InboxEvent.objects.create(
                organisation=connection.organisation,
                connection=connection,
                body=b'{"title": "Zircon"}',
                received_at=NOON,
                model="Project",
                vendor_id="3001",
            ),
            WebhookLog: WebhookLog.objects.create(
                organisation=connection.organisation,
                connection=connection,
                opensolar_id=9001,
                model_name="Project",
                model_pk=3001,
                notes="Zircon timed out",
                read_at=NOON,
            ),
            Delivery: Delivery.objects.create(
                **about,
                organisation=connection.organisation,
                verb="change",
                about="Zircon Lane",
                actor=person,
                body={"notes": "Zircon notes"},
                state="refused",
            ),
            ListingPage: ListingPage.objects.create(cursor=cursor, number=1, vendor_ids="3001 3002"),
            Lease: Lease.objects.create(
                connection=connection, holder=uuid4(), until=timezone.now() - timedelta(hours=1)
            ),
            SyncRun: run,
            SyncProblem: problem,
            Payload: Payload.objects.create(**about, **body),
            PendingFetch: PendingFetch.objects.create(
                connection=connection, resource="project_details", vendor_id="3001"
            ),
        }
