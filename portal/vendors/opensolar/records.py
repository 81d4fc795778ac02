"""OpenSolar's records, read leniently into the columns that we search, sort and compute with.

Unknown keys are ignored here: the whole body is kept elsewhere. A record without its key, or with a value that cannot
be read as its kind, raises pydantic's ValidationError; `problem_sentence` tells a person what is wrong with it.
"""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from portal.lib.errors import MalformedAnswer
from portal.vendors.opensolar.values import (
    ActiveStage,
    ContactText,
    Day,
    Flag,
    Key,
    Kilowatt,
    Moment,
    Money,
    Number,
    Objects,
    Reference,
    References,
    Text,
    Whole,
    YesNo,
    id_of,
    ids_of,
)

_DETAIL_KEYS = frozenset({"identifier", "assigned_role", "systems"})
_SOLD_MARKS = frozenset({"project_sold", "system_sold_ref", "sold_date"})
_SOLD_STAGES = (2, 3)
_FAULTS = {
    "missing": "is missing",
    "int": "is not a whole number",
    "float": "is not a number",
    "decimal": "is not a number",
    "finite": "is not a number",
    "bool": "is neither true nor false",
    "datetime": "is not a time",
    "timezone": "is not a time",
    "date": "is not a date",
    "string": "is not a text",
    "list": "is not a list",
    "greater": "is out of range",
    "less": "is out of range",
}


class Record(BaseModel):
    """What all records share. Field names are our columns; aliases are OpenSolar's keys."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, allow_inf_nan=False, frozen=True)
    _inner: ClassVar[frozenset[str]] = frozenset()

    opensolar_id: Key = Field(alias="id")

    @model_validator(mode="before")
    @classmethod
    def _take_id_from_url(cls, record: Any) -> Any:
        if isinstance(record, dict) and record.get("id") is None and (found := id_of(record.get("url"))) is not None:
            return {**record, "id": found}
        return record

    def columns(self) -> dict[str, Any]:
        """Column values of exactly those keys that the record had: a short row never blanks what it does not hold."""
        present = self.__pydantic_fields_set__
        return {name: value for name, value in self.__dict__.items() if name in present and name not in self._inner}


class Role(Record):
    """A member of the organisation's team.

    References name a role by the number in its `url`, so that is its key. The `id` beside it is another number in the
    samples of document 000; it is kept as `vendor_object_id`.
    """

    opensolar_id: Annotated[Key, BeforeValidator(id_of)] = Field(alias="url")
    vendor_object_id: Key | None = Field(default=None, alias="id")
    user_ref: Reference = Field(default=None, alias="user")
    email: Text = None
    user_email: Text = None
    first_name: Text = None
    family_name: Text = None
    display: Text = None
    job_title: Text = None
    accreditation: Text = None
    phone: Text = None
    user_phone: Text = None
    is_admin: YesNo = None
    is_hidden: YesNo = None
    has_logged_in: YesNo = None
    schedule_meeting_url: Text = None
    schedule_meeting_label: Text = None
    portrait_image: Text = None


class Contact(Record):
    """A customer. OpenSolar gives contacts no dates; `gender` is 0 unset, 1 female, 2 male."""

    first_name: Text = None
    family_name: Text = None
    display: Text = None
    email: Text = None
    phone: Text = None
    type: Whole = None
    gender: Whole = None


class ProjectRow(Record):
    """A project, from a list (short or whole) or from its own address. Energies in kWh, `timezone_offset` in hours."""

    _inner: ClassVar[frozenset[str]] = frozenset({"system_sold_given"})

    identifier: Text = None
    title: Text = None
    address: Text = None
    locality: Text = None
    state: Text = None
    zip: Text = None
    county: Text = None
    country_iso2: Text = None
    country_name: Text = None
    lat: Number = None
    lon: Number = None
    timezone_offset: Number = None
    is_residential: YesNo = None
    business_name: Text = None
    stage: Whole = None
    priority: Whole = None
    lead_source: Text = None
    notes: Text = None
    usage_annual_or_guess: Number = None
    sold_date: Day = None
    installation_date: Day = None
    contract_date: Day = None
    valid_until_date: Day = None
    project_sold: Flag = None
    created_date: Moment = None
    modified_date: Moment = None
    number_of_storeys: Whole = None
    number_of_phases: Whole = None
    roof_type_id: Reference = Field(default=None, alias="roof_type")
    assigned_role_ref: Reference = Field(default=None, alias="assigned_role")
    assigned_installer_role_ref: Reference = Field(default=None, alias="assigned_installer_role")
    assigned_site_inspector_role_ref: Reference = Field(default=None, alias="assigned_site_inspector_role")
    assigned_designer_role_ref: Reference = Field(default=None, alias="assigned_designer_role")
    assigned_salesperson_role_ref: Reference = Field(default=None, alias="assigned_salesperson_role")
    system_sold_ref: Reference = Field(default=None, alias="system_sold")
    system_sold_given: Flag = Field(default=None, alias="system_sold")
    active_stage_id: ActiveStage = Field(default=None, alias="workflow")
    contact_refs: References = Field(default=[], alias="contacts")
    contacts_search: ContactText = Field(default="", alias="contacts_data")

    @model_validator(mode="before")
    @classmethod
    def _take_contacts_from_their_data(cls, record: Any) -> Any:
        if not isinstance(record, dict) or "contacts" in record:
            return record
        embedded = record.get("contacts_data")
        return {**record, "contacts": ids_of(embedded)} if isinstance(embedded, list) else record

    def columns(self) -> dict[str, Any]:
        """As above, and `is_sold` where the record says anything about a sale.

        The milestones 2 and 3 mean sold in OpenSolar's old and new reading of `stage` alike.
        """
        found = super().columns()
        if not _SOLD_MARKS.isdisjoint(found):
            marked = self.project_sold or self.system_sold_given or self.sold_date
            found["is_sold"] = bool(marked) or self.stage in _SOLD_STAGES
        return found


class System(Record):
    """A system of a project, as its list gives it: kW DC, kWh, tonnes, prices in the organisation's currency.

    `net_profit` must not reach customers. `module_quantity` need not be the sum over `modules`.
    """

    name: Text = None
    uuid: Text = None
    order: Whole = None
    is_current: YesNo = None
    show_customer: YesNo = None
    kw_stc: Kilowatt = None
    battery_total_kwh: Kilowatt = None
    price_including_tax: Money = None
    price_excluding_tax: Money = None
    net_profit: Money = None
    discount: Money = None
    module_quantity: Whole = None
    output_annual_kwh: Number = None
    consumption_offset_percentage: Number = None
    co2_tons_lifetime: Number = None
    project_ref: Reference = Field(default=None, alias="project")
    pricing_scheme_ref: Reference = Field(default=None, alias="pricing_scheme")
    modules: Objects = []
    inverters: Objects = []
    batteries: Objects = []
    others: Objects = []


class SystemDetails(Record):
    """The design side of one system: panel groups (azimuth and slope in degrees), adders, incentives."""

    name: Text = None
    uuid: Text = None
    kw_stc: Kilowatt = None
    total_module_quantity: Whole = None
    modules: Objects = []
    inverters: Objects = []
    batteries: Objects = []
    other_components: Objects = []
    adders: Objects = []
    module_groups: Objects = []
    incentives: Objects = []

    @classmethod
    def rows(cls, answer: dict[str, Any]) -> list[Any]:
        """The raw rows inside a `systems/details` answer; MalformedAnswer if it holds no list of systems."""
        systems = answer.get("systems")
        if systems is not None and not isinstance(systems, list):
            raise MalformedAnswer("OpenSolar sent system details without a list of systems. Try again later.")
        return systems or []


def is_whole(record: dict[str, Any]) -> bool:
    """Whether a project row is as full as the project at its own address, so that no second request is needed."""
    return record.keys() >= _DETAIL_KEYS


def problem_sentence(error: ValidationError) -> str:
    """What is wrong with a record, for a person: names fields, shows no values."""
    faults = dict.fromkeys(_fault(item["type"], item["loc"]) for item in error.errors(include_input=False))
    return f"OpenSolar sent a record that cannot be taken in: {'; '.join(faults)}."


def _fault(kind: str, where: tuple[int | str, ...]) -> str:
    if not where:
        return "it is not an object"
    return f"{where[0]} {_FAULTS.get(kind.partition('_')[0], 'cannot be read')}"
