"""The acts that the audit log knows, in words."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "team.invited": _("Invited"),
    "team.invitation_revoked": _("Took an invitation back"),
    "team.joined": _("Accepted an invitation"),
    "team.kind_changed": _("Changed what a person is"),
    "team.rights_changed": _("Changed who sees prices and costs"),
    "team.removed": _("Removed from the team"),
    "team.left": _("Left the team"),
    "team.returned": _("Brought back into the team"),
    "team.factors_forgotten": _("Removed a lost second factor"),
    "organisation.created": _("Set up the portal"),
    "organisation.changed": _("Changed the organisation"),
    "connection.created": _("Connected a vendor"),
    "connection.changed": _("Changed a connection"),
    "connection.credentials": _("Gave new credentials"),
    "connection.synced": _("Asked for a sync"),
    "connection.problem": _("Dealt with a record that was not taken in"),
    "connection.removals_allowed": _("Allowed many removals"),
    "projects.view_deleted": _("Deleted a shared view"),
    "projects.exported": _("Took the list of projects away as a file"),
    "audit.exported": _("Took the audit log away as a file"),
    "token.created": _("Made an API token"),
    "admin.changed": _("Changed a record in the administration"),
    "admin.deleted": _("Deleted a record in the administration"),
}
