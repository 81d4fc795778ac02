"""Who works at the two invented installers, and which of them can log in.

The logins below are the ones of the demo: they open nothing but the sandbox.
"""

from dataclasses import dataclass
from typing import Literal

from portal.sandbox.opensolar.data import AMERICAN_TOWNS, AUSTRALIAN_TOWNS, Town
from portal.sandbox.opensolar.draw import Kind, draw
from portal.sandbox.wire import JsonObject

Duty = Literal["sales", "design", "inspect", "install"]


@dataclass(frozen=True, slots=True)
class User:
    id: int
    email: str
    first_name: str
    family_name: str
    password: str | None = None
    """None: never logs in over the API."""


@dataclass(frozen=True, slots=True)
class Role:
    """A user's place in one organisation. `number` stands in its URL; `id`, usually the same, in its body."""

    number: int
    user: User
    job_title: str
    duties: tuple[Duty, ...] = ()
    is_admin: bool = False
    is_hidden: bool = False
    other_id: int | None = None

    @property
    def id(self) -> int:
        return self.number if self.other_id is None else self.other_id


@dataclass(frozen=True, slots=True)
class Org:
    id: int
    name: str
    country: str
    towns: tuple[Town, ...]
    roles: tuple[Role, ...]
    """Numbered without a gap."""
    first_project: int
    first_contact: int
    first_system: int

    def role_of(self, user: User) -> Role | None:
        return next((role for role in self.roles if role.user.id == user.id), None)

    def with_duty(self, duty: Duty) -> tuple[Role, ...]:
        return tuple(role for role in self.roles if duty in role.duties)


SUNNY_ADMIN = User(101, "marie.curie@example.com", "Marie", "Curie", "sunny-roofs-demo")
"""Administrator of Sunny Roofs."""
KESTREL_ADMIN = User(201, "maria.telkes@example.org", "Mária", "Telkes", "kestrel-solar-demo")
"""Administrator of Kestrel Solar."""
BOTH_ORGS = User(102, "ada.lovelace@example.com", "Ada", "Lovelace", "both-roofs-demo")
"""Administrator of Sunny Roofs and salesperson of Kestrel Solar."""
SUNNY_SALES = User(103, "nikola.tesla@example.com", "Nikola", "Tesla", "sunny-sales-demo")
"""Salesperson of Sunny Roofs, no administrator."""


def _user(number: int, first: str, family: str, local: str, domain: str = "example.com") -> User:
    return User(number, f"{local}@{domain}", first, family)


SUNNY_ROOFS = Org(
    id=1,
    name="Sunny Roofs",
    country="AU",
    towns=AUSTRALIAN_TOWNS + AMERICAN_TOWNS[:4],
    first_project=400_001,
    first_contact=3_000_001,
    first_system=7_000_001,
    roles=(
        Role(50, SUNNY_ADMIN, "Managing director", is_admin=True, duties=("sales",)),
        Role(51, BOTH_ORGS, "Operations manager", is_admin=True),
        Role(52, SUNNY_SALES, "Sales consultant", ("sales",)),
        Role(53, _user(104, "Lise", "Meitner", "lise.meitner"), "Sales consultant", ("sales",)),
        Role(54, _user(105, "Émilie", "du Châtelet", "emilie.du.chatelet"), "Senior consultant", ("sales", "design")),
        Role(55, _user(106, "Chandrasekhara", "Raman", "c.raman"), "Designer", ("design",)),
        Role(56, _user(107, "Alessandro", "Volta", "alessandro.volta"), "Site inspector", ("inspect",)),
        # The pitfall of the vendor's own samples: the number in the URL is not the id.
        Role(57, _user(108, "Hertha", "Ayrton", "hertha.ayrton"), "Sales consultant", ("sales",), other_id=99),
        Role(58, _user(109, "Luigi", "Galvani", "luigi.galvani"), "Site inspector", ("inspect",)),
        Role(59, _user(110, "Georg", "Ohm", "georg.ohm"), "Electrician", ("install",)),
        Role(60, _user(111, "James", "Joule", "james.joule"), "Electrician", ("install",)),
        Role(61, _user(112, "Heinrich", "Hertz", "heinrich.hertz"), "Sales consultant", ("sales",), is_hidden=True),
        Role(62, _user(113, "Charles", "Coulomb", "charles.coulomb"), "Accountant"),
    ),
)
KESTREL_SOLAR = Org(
    id=2,
    name="Kestrel Solar",
    country="US",
    towns=AMERICAN_TOWNS,
    first_project=2_000_001,
    first_contact=5_000_001,
    first_system=9_000_001,
    roles=(
        Role(70, KESTREL_ADMIN, "Owner", is_admin=True, duties=("sales",)),
        Role(71, BOTH_ORGS, "Sales representative", ("sales",)),
        Role(72, _user(202, "Satyendra", "Bose", "s.bose", "example.org"), "Designer", ("design",)),
        Role(73, _user(203, "Hans", "Œrsted", "hans.oersted", "example.org"), "Site surveyor", ("inspect",)),
        Role(74, _user(204, "William", "Sturgeon", "w.sturgeon", "example.org"), "Installer", ("install",)),
    ),
)
ORGS = (SUNNY_ROOFS, KESTREL_SOLAR)
USERS = {role.user.id: role.user for org in ORGS for role in org.roles}


def role_record(seed: int, org: Org, role: Role, base: str) -> JsonObject:
    """A role as `O/roles/` shows it, chat key and all."""
    chance = draw(seed, org.id, Kind.ROLE, role.number)
    user = role.user
    slug = user.email.partition("@")[0].replace(".", "-")
    phone = (
        f"0491 570 {chance.randrange(1000):03d}" if org.country == "AU" else f"+1 512-555-01{chance.randrange(100):02d}"
    )
    return {
        "id": role.id,
        "url": f"{base}/api/orgs/{org.id}/roles/{role.number}/",
        "user": f"{base}/auth/users/{user.id}/",
        "user_email": user.email,
        "email": user.email,
        "first_name": user.first_name,
        "family_name": user.family_name,
        "display": f"{user.first_name} {user.family_name}",
        "job_title": role.job_title,
        "accreditation": f"A{chance.randrange(10**7):07d}" if {"design", "install"} & set(role.duties) else "",
        "phone": phone,
        "user_phone": phone if chance.random() < 0.5 else "",
        "is_admin": role.is_admin,
        "is_hidden": role.is_hidden,
        "user_is_staff": False,
        "has_logged_in": user.password is not None or chance.random() < 0.8,
        "allow_email_notifications": chance.random() < 0.8,
        "portrait_image": None,
        "google_calendar_id": f"{slug}-calendar@example.com" if chance.random() < 0.3 else None,
        "schedule_meeting_url": f"https://calendar.example.com/{slug}" if "sales" in role.duties else "",
        "schedule_meeting_label": "Book a visit" if "sales" in role.duties else "",
        "api_key_chat": f"{chance.randrange(10**4):04d}-{chance.randrange(1000):03d}-{role.number}-sandbox",
        "org": f"{base}/api/orgs/{org.id}/",
        "org_name": org.name,
    }


def org_record(seed: int, org: Org, base: str) -> JsonObject:
    """The organisation as `O/` shows it, with the verbose parts that hold secrets and personal data."""
    here = f"{base}/api/orgs/{org.id}"
    calendar = "{{'provider': 'calendar', 'account': '{}', 'sync_token': 'sandbox-{}'}}"
    return {
        "id": org.id,
        "url": f"{here}/",
        "name": org.name,
        "projects": f"{here}/projects/",
        "country_iso2": org.country,
        "company_website": f"https://{org.name.lower().replace(' ', '-')}.example.com",
        "sales_phone_number": "1300 975 707" if org.country == "AU" else "+1 512-555-0100",
        "logo_public_url": None,
        "is_active": True,
        "created_date": "2019-02-12T01:43:54.320315Z",
        "org_configs": {"id": 900 + org.id, "integration_key_calendar": f"sandbox-encrypted-{seed}-{org.id}"},
        "roles": [
            {
                **role_record(seed, org, role, base),
                "integration_json": calendar.format(role.user.email, role.number) if role.is_admin else None,
            }
            for role in org.roles
        ],
    }
