"""OpenSolar's kinds of events (document 000, Event Types, and its newer page): their names and what they are about."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    0: gettext_lazy("E-mail invitation sent"),
    1: gettext_lazy("Customer read the invitation"),
    2: gettext_lazy("Customer viewed the online proposal"),
    3: gettext_lazy("Customer accepted the online proposal"),
    4: gettext_lazy("Customer made a payment"),
    20: gettext_lazy("Called"),
    21: gettext_lazy("Called, no answer"),
    22: gettext_lazy("Customer called"),
    23: gettext_lazy("E-mail sent"),
    24: gettext_lazy("E-mail received"),
    25: gettext_lazy("Text message"),
    26: gettext_lazy("Instant message"),
    27: gettext_lazy("Meeting in person"),
    28: gettext_lazy("Appointment"),
    29: gettext_lazy("Activity"),
    30: gettext_lazy("Busy"),
    31: gettext_lazy("Note"),
    32: gettext_lazy("Action complete"),
    40: gettext_lazy("On-site installation"),
    41: gettext_lazy("Maintenance visit"),
    42: gettext_lazy("Sales visit"),
    44: gettext_lazy("System changed"),
    45: gettext_lazy("Project assigned"),
    49: gettext_lazy("Finance application opened"),
    50: gettext_lazy("Finance application updated"),
    51: gettext_lazy("Contract viewed in Docusign"),
    52: gettext_lazy("Contract completed in Docusign"),
    53: gettext_lazy("Docusign could not sign in"),
    54: gettext_lazy("Docusign account disconnected"),
    55: gettext_lazy("Contact has no phone number"),
    56: gettext_lazy("Stage changed"),
    57: gettext_lazy("Docusign text messages switched off"),
    59: gettext_lazy("Finance decision updated"),
    60: gettext_lazy("Status of the financed project updated"),
    61: gettext_lazy("Customer signed the loan agreement"),
    62: gettext_lazy("Loan agreement complete"),
    63: gettext_lazy("Contract signed in Docusign"),
    64: gettext_lazy("Contract made again in Docusign"),
    65: gettext_lazy("Docusign countersigner not set up"),
    66: gettext_lazy("Contract reset in Docusign"),
    67: gettext_lazy("Customer signed the Docusign envelope"),
    68: gettext_lazy("Docusign envelope complete"),
    71: gettext_lazy("Acceptance documents e-mailed"),
    72: gettext_lazy("Notice to proceed issued"),
    73: gettext_lazy("Disbursement complete"),
    74: gettext_lazy("All stipulated documents uploaded"),
    75: gettext_lazy("Stipulation cleared"),
    91: gettext_lazy("Change order submitted"),
    96: gettext_lazy("Assigned to a designer"),
    97: gettext_lazy("Assigned to a salesperson"),
    100: gettext_lazy("Project deleted"),
    101: gettext_lazy("Stock reduced"),
    102: gettext_lazy("Stock increased"),
    103: gettext_lazy("Marked as sold"),
    104: gettext_lazy("Marked as installed"),
    105: gettext_lazy("Customer viewed an expired proposal"),
    106: gettext_lazy("Workflow changed"),
    107: gettext_lazy("Duplicated"),
    108: gettext_lazy("Made as a duplicate"),
    109: gettext_lazy("Invoice sent"),
    110: gettext_lazy("Customer viewed the payment form"),
    111: gettext_lazy("Invoice cancelled"),
    112: gettext_lazy("Customer authorised a payment"),
    113: gettext_lazy("Payment overdue"),
    114: gettext_lazy("Payment received"),
    115: gettext_lazy("Payment failed"),
    116: gettext_lazy("Chargeback begun"),
    117: gettext_lazy("Chargeback complete"),
    118: gettext_lazy("Refund begun"),
    119: gettext_lazy("Refund complete"),
    120: gettext_lazy("Paid offline"),
    121: gettext_lazy("Offline payment undone"),
    122: gettext_lazy("All payments received"),
    123: gettext_lazy("Payment approved"),
    130: gettext_lazy("Change order accepted"),
    131: gettext_lazy("Change order complete"),
    132: gettext_lazy("System option added"),
    133: gettext_lazy("System option deleted"),
    137: gettext_lazy("Payment reminder e-mailed"),
    138: gettext_lazy("Custom invoice sent"),
    139: gettext_lazy("Payment milestones adjusted"),
    140: gettext_lazy("Authorised payment confirmed by e-mail"),
    141: gettext_lazy("Cancelled invoice confirmed by e-mail"),
    142: gettext_lazy("Payment request e-mailed"),
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
