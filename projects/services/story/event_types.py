"""OpenSolar's kinds of events and what they are about, in the words of document 000 (Event Types) and, for the numbers
that only its newer page lists (31, 32, from 91 on), in the words of that page.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    0: gettext_lazy("Email Invitation Sent"),
    1: gettext_lazy("Customer Read Invitation Email"),
    2: gettext_lazy("Customer Viewed Online Proposal"),
    3: gettext_lazy("Customer Accepted Online Proposal"),
    4: gettext_lazy("Customer Made a Payment"),
    20: gettext_lazy("Call (outbound)"),
    21: gettext_lazy("Call (outbound, no answer)"),
    22: gettext_lazy("Call (inbound)"),
    23: gettext_lazy("Email (outbound)"),
    24: gettext_lazy("Email (inbound)"),
    25: gettext_lazy("SMS"),
    26: gettext_lazy("Instant Message"),
    27: gettext_lazy("In Person Meeting"),
    28: gettext_lazy("Appointment"),
    29: gettext_lazy("Activity (Miscellaneous)"),
    30: gettext_lazy("Busy"),
    31: gettext_lazy("Note"),
    32: gettext_lazy("Action Complete"),
    40: gettext_lazy("On-site Installation"),
    41: gettext_lazy("On-site Maintenance Visit"),
    42: gettext_lazy("On-site Sales Visit"),
    44: gettext_lazy("System Changed"),
    45: gettext_lazy("Project Assigned"),
    49: gettext_lazy("Finance Application Accessed"),
    50: gettext_lazy("Finance Application Updated"),
    51: gettext_lazy("Docusign Contract Viewed"),
    52: gettext_lazy("Docusign Contract Completed"),
    53: gettext_lazy("Docusign Authentication Failed"),
    54: gettext_lazy("Docusign Account Disconnected"),
    55: gettext_lazy("Contact Missing Phone Number"),
    56: gettext_lazy("Project Stage Changed"),
    57: gettext_lazy("Docusign SMS Authentication disabled"),
    59: gettext_lazy("Finance Decision Updated"),
    60: gettext_lazy("Financed Project Status Updated"),
    61: gettext_lazy("Customer Signed Loan Agreement"),
    62: gettext_lazy("Loan Agreement Complete"),
    63: gettext_lazy("Docusign Contract Signed"),
    64: gettext_lazy("Docusign Contract Re-Created"),
    65: gettext_lazy("Docusign Countersigner Not Properly Configured"),
    66: gettext_lazy("Docusign Contract Reset"),
    67: gettext_lazy("Customer Signed Docusign Envelope"),
    68: gettext_lazy("Docusign Envelope Complete"),
    71: gettext_lazy("Proposal Acceptance Documents Emailed"),
    72: gettext_lazy("Notice to Proceed Issued"),
    73: gettext_lazy("Disbursement Complete"),
    74: gettext_lazy("All Stipulation Documents Uploaded"),
    75: gettext_lazy("Stipulation Cleared"),
    91: gettext_lazy("Change Order Submitted"),
    96: gettext_lazy("Assigned to Designer"),
    97: gettext_lazy("Assigned to Salesperson"),
    100: gettext_lazy("Project Deleted"),
    101: gettext_lazy("Reduced Stock"),
    102: gettext_lazy("Increased Stock"),
    103: gettext_lazy("Marked as Sold"),
    104: gettext_lazy("Marked as Installed"),
    105: gettext_lazy("Customer Viewed Expired Proposal"),
    106: gettext_lazy("Workflow Changed"),
    107: gettext_lazy("Duplicated (original)"),
    108: gettext_lazy("Duplicated (duplicate)"),
    109: gettext_lazy("Invoice Sent"),
    110: gettext_lazy("Customer viewed invoice payment form"),
    111: gettext_lazy("Invoice Cancelled"),
    112: gettext_lazy("Customer Authorized Payment"),
    113: gettext_lazy("Payment Overdue"),
    114: gettext_lazy("Payment Received"),
    115: gettext_lazy("Payment Failed"),
    116: gettext_lazy("Chargeback Initiated"),
    117: gettext_lazy("Chargeback Completed"),
    118: gettext_lazy("Refund Initiated"),
    119: gettext_lazy("Refund Completed"),
    120: gettext_lazy("Payment Made Offline"),
    121: gettext_lazy("Payment Offline Undone"),
    122: gettext_lazy("All Payments Received"),
    123: gettext_lazy("Payment Approved"),
    130: gettext_lazy("Change Order Accepted"),
    131: gettext_lazy("Change Order Complete"),
    132: gettext_lazy("System Option Added"),
    133: gettext_lazy("System Option Deleted"),
    137: gettext_lazy("Payment Reminder Email Sent"),
    138: gettext_lazy("Custom Invoice Sent"),
    139: gettext_lazy("Payment Milestones Adjusted"),
    140: gettext_lazy("Payment Authorized Email Sent"),
    141: gettext_lazy("Invoice Cancellation Email Sent"),
    142: gettext_lazy("Payment Request Email Sent"),
}
SALE = frozenset({0, 1, 2, 3, 56, *range(51, 55), *range(57, 69), 71, 72, 74, 75, 91, *range(103, 107), 130, 131})
MONEY = frozenset({4, 49, 50, 59, 60, 73, *range(109, 124), *range(137, 143)})
SYSTEMS = frozenset({44, 101, 102, 132, 133})
PEOPLE = frozenset({*range(20, 29), 41, 42, 45, 55, 96, 97})
NOTES = frozenset({31})


def event_name(kind: int | None) -> str:
    """What happened, in words; a number that the documents do not know is shown as it is."""
    if kind is None:
        return _("Event")
    return str(NAMES.get(kind) or _("OpenSolar event type %(number)s") % {"number": kind})
