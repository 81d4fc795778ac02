"""OpenSolar's records as the portal mirrors them (document 000), invitations to its roles, and views of its lists."""

from projects.models.contact import Contact
from projects.models.invitation import Invitation
from projects.models.project import Milestone, Project, ProjectContact
from projects.models.role import Role
from projects.models.system import System
from projects.models.view import ListChoice, SavedView, SavedViewPin
from projects.models.webhook_log import WebhookLog

__all__ = [
    "Contact",
    "Invitation",
    "ListChoice",
    "Milestone",
    "Project",
    "ProjectContact",
    "Role",
    "SavedView",
    "SavedViewPin",
    "System",
    "WebhookLog",
]
