"""OpenSolar's records as the portal mirrors them (document 000), invitations to its roles, and views of its lists."""

from projects.models.contact import Contact
from projects.models.event import Event
from projects.models.file import PrivateFile
from projects.models.invitation import Invitation
from projects.models.picture import SystemPicture
from projects.models.project import Milestone, Project, ProjectContact
from projects.models.role import Role
from projects.models.system import System
from projects.models.view import ListChoice, SavedView, SavedViewPin

__all__ = [
    "Contact",
    "Event",
    "Invitation",
    "ListChoice",
    "Milestone",
    "PrivateFile",
    "Project",
    "ProjectContact",
    "Role",
    "SavedView",
    "SavedViewPin",
    "System",
    "SystemPicture",
]
