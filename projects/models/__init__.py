"""OpenSolar's records as the portal mirrors them (document 000), invitations to its roles, and views of its lists."""

from projects.models.account import Account
from projects.models.component import (
    BatteryActivation,
    ComponentActivation,
    ComponentKind,
    InverterActivation,
    ModuleActivation,
    OtherActivation,
)
from projects.models.contact import Contact
from projects.models.event import Event
from projects.models.file import PrivateFile
from projects.models.invitation import Invitation
from projects.models.picture import SystemPicture
from projects.models.prices import Costing, PaymentOption, PricingScheme
from projects.models.project import Milestone, Project, ProjectContact
from projects.models.promise import SoldPromise
from projects.models.proposal import Proposal
from projects.models.role import Role
from projects.models.system import System
from projects.models.view import ListChoice, SavedView, SavedViewPin
from projects.models.webhook_log import WebhookLog

__all__ = [
    "Account",
    "BatteryActivation",
    "ComponentActivation",
    "ComponentKind",
    "Contact",
    "Costing",
    "Event",
    "InverterActivation",
    "Invitation",
    "ListChoice",
    "Milestone",
    "ModuleActivation",
    "OtherActivation",
    "PaymentOption",
    "PricingScheme",
    "PrivateFile",
    "Project",
    "ProjectContact",
    "Proposal",
    "Role",
    "SavedView",
    "SavedViewPin",
    "SoldPromise",
    "System",
    "SystemPicture",
    "WebhookLog",
]
