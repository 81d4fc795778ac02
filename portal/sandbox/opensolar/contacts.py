"""The customers: one contact drawn from its index."""

from random import Random

from portal.sandbox.opensolar.data import FAMILY_NAMES, FIRST_NAMES, WHOLE_NAMES, words
from portal.sandbox.opensolar.draw import Kind, draw, one_of
from portal.sandbox.opensolar.people import Org
from portal.sandbox.wire import JsonObject

ON_PROJECT = words(
    "id email phone url first_name family_name display passport_number licence_number custom_contact_info_1 "
    "custom_contact_info_2 user_id org_id identifier type"
)
"""Keys of a contact that a project's list row shows in `contacts_data`."""

SYNTHETIC = 1
"""`type` of a contact made by sharing a proposal; its address cannot be delivered to."""


def contact_record(seed: int, org: Org, index: int, base: str) -> JsonObject:
    """A contact as `O/contacts/` shows it."""
    chance = draw(seed, org.id, Kind.CONTACT, index)
    number = org.first_contact + index
    synthetic = chance.random() < 0.03
    first, family = _name(chance)
    return {
        "id": number,
        "url": f"{base}/api/orgs/{org.id}/contacts/{number}/",
        "org": f"{base}/api/orgs/{org.id}/",
        "org_id": org.id,
        "type": SYNTHETIC if synthetic else 0,
        "first_name": first,
        "family_name": family,
        "display": f"{first} {family}",
        "email": f"{number}{chance.randrange(10**6):06d}@os.code" if synthetic else _email(chance, number, family),
        "phone": None if synthetic else _phone(chance, org),
        "date_of_birth": _birthday(chance) if chance.random() < 0.2 else None,
        "gender": int(chance.random() * 3),
        "identifier": f"CRM-{number}" if chance.random() < 0.4 else None,
        "passport_number": f"PA{chance.randrange(10**7):07d}" if chance.random() < 0.02 else "",
        "licence_number": f"{chance.randrange(10**8):08d}" if chance.random() < 0.05 else "",
        "custom_contact_info_1": "Prefers e-mail" if chance.random() < 0.1 else "",
        "custom_contact_info_2": "",
        "user": None,
        "user_id": None,
    }


def _name(chance: Random) -> tuple[str, str]:
    if chance.random() < 0.06:
        return one_of(chance, WHOLE_NAMES)
    return one_of(chance, FIRST_NAMES), one_of(chance, FAMILY_NAMES)


def _email(chance: Random, number: int, family: str) -> str | None:
    roll = chance.random()
    if roll < 0.05:
        return None if roll < 0.02 else ""
    plain = "".join(letter for letter in family.lower() if letter.isascii() and letter.isalpha())
    return f"{plain or 'customer'}.{number}@example.{'com' if roll < 0.7 else 'org'}"


def _phone(chance: Random, org: Org) -> str | None:
    """A number out of the ranges that are kept free for invented people."""
    if chance.random() < 0.06:
        return None
    if org.country == "AU":
        return f"0491 570 {chance.randrange(1000):03d}"
    return f"({one_of(chance, ('512', '520', '808'))}) 555-01{chance.randrange(100):02d}"


def _birthday(chance: Random) -> str:
    return f"{1940 + chance.randrange(62)}-{1 + chance.randrange(12):02d}-{1 + chance.randrange(28):02d}"
