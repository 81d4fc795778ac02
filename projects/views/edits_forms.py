"""The forms in which projects and customers are written; what is in them is checked by projects.services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Connection
from projects.models import Role
from projects.services.edits.checking import ROLE_FIELDS
from projects.services.roofs import ROOFS
from projects.services.timeline.words import GENDERS

HOME, BUSINESS = "1", "0"
NUMERIC = {"inputmode": "decimal"}
Errors = Mapping[str, Iterable[str]]


def _line(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=500, **options)


class ProjectForm(forms.Form):
    """Every field of OpenSolar's create body but the customers, who have forms of their own."""

    address = _line(gettext_lazy("Address"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    locality = _line(gettext_lazy("Town"))
    state = _line(gettext_lazy("State"))
    zip = _line(gettext_lazy("Postcode"))
    country_iso2 = _line(gettext_lazy("Country"), help_text=gettext_lazy("Two letters, such as AU or US."))
    lat = _line(gettext_lazy("Latitude"), help_text=gettext_lazy("Degrees."), widget=forms.TextInput(attrs=NUMERIC))
    lon = _line(gettext_lazy("Longitude"), help_text=gettext_lazy("Degrees."), widget=forms.TextInput(attrs=NUMERIC))
    is_residential = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Not said")), (HOME, gettext_lazy("Home")), (BUSINESS, gettext_lazy("Business"))],
    )
    roof_type = forms.ChoiceField(label=gettext_lazy("Roof"), required=False)
    number_of_phases = _line(gettext_lazy("Phases"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    lead_source = _line(gettext_lazy("Came by"))
    identifier = _line(
        gettext_lazy("Identifier"), help_text=gettext_lazy("Your own number of it. Left empty, one is made up.")
    )
    assigned_role = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    assigned_site_inspector_role = forms.ChoiceField(label=gettext_lazy("Site inspector"), required=False)
    assigned_installer_role = forms.ChoiceField(label=gettext_lazy("Installer"), required=False)
    notes = forms.CharField(
        label=gettext_lazy("Notes"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, connection: Connection, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        values = {name: _as_typed(value) for name, value in (initial or {}).items()}
        super().__init__(data, initial=values)
        self.fields["roof_type"].choices = _with(  # type: ignore[attr-defined]
            [(str(number), str(label)) for number, label in ROOFS.items()], values.get("roof_type")
        )
        team = _team(connection)
        for name in ROLE_FIELDS:
            self.fields[name].choices = _with(team, values.get(name), _("Nobody"))  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """A customer's own data."""

    first_name = _line(gettext_lazy("First name"))
    family_name = _line(gettext_lazy("Family name"))
    email = _line(gettext_lazy("E-mail address"), widget=forms.EmailInput())
    phone = _line(gettext_lazy("Phone"), widget=forms.TextInput(attrs={"inputmode": "tel"}))
    date_of_birth = _line(
        gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Goes to OpenSolar and is not shown here again. Left empty, it stays as it is."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"), required=False, choices=[(str(key), label) for key, label in GENDERS.items()]
    )

    @property
    def given(self) -> dict[str, Any]:
        """What a valid form says; an empty date of birth says nothing."""
        found = dict(self.cleaned_data)
        if not found.get("date_of_birth"):
            found.pop("date_of_birth", None)
        return found

    @property
    def is_blank(self) -> bool:
        """Nothing was entered: no customer is meant."""
        return not any(value for name, value in self.cleaned_data.items() if name != "gender")


class KnownContactForm(ContactForm):
    """The data of a customer whom OpenSolar has: what it keeps unseen can be deleted there, too."""

    forget_date_of_birth = forms.BooleanField(
        label=gettext_lazy("Delete the date of birth at OpenSolar"),
        required=False,
        help_text=gettext_lazy("If there is one. It cannot be brought back from here."),
    )
    field_order = ("first_name", "family_name", "email", "phone", "date_of_birth", "forget_date_of_birth", "gender")

    def clean(self) -> dict[str, Any]:
        """One of the two: another date, or none."""
        if self.cleaned_data.get("forget_date_of_birth") and self.cleaned_data.get("date_of_birth"):
            self.add_error("forget_date_of_birth", _("Enter another date of birth or delete it, not both."))
        return self.cleaned_data

    @property
    def given(self) -> dict[str, Any]:
        """What a valid form says; an empty date of birth says nothing, unless it is to be deleted."""
        found = super().given
        if found.pop("forget_date_of_birth"):
            found["date_of_birth"] = None
        return found


NewContacts = forms.formset_factory(ContactForm, extra=1, max_num=10, absolute_max=10)


def new_contacts_in(formset: Any) -> list[dict[str, Any]]:
    """The customers that were entered in a valid formset."""
    return [form.given for form in formset if not form.is_blank]


def show_errors(form: forms.Form, errors: Errors, formset: Any = None) -> None:
    """Puts what was refused at its fields; what belongs to none of them at the head of the form."""
    entered = [one for one in formset if not one.is_blank] if formset is not None else []
    for name, texts in errors.items():
        target, field = form, name.partition(".")[0]
        parts = name.split(".")
        if parts[0] == "contacts_new" and len(parts) == 3 and parts[1].isdecimal() and int(parts[1]) < len(entered):
            target, field = entered[int(parts[1])], parts[2]
        for text in texts:
            if field in target.fields:
                target.add_error(field, text)
            else:
                form.add_error(None, text if field == "non_field_errors" else f"{field.replace('_', ' ')}: {text}")


def as_data(values: Mapping[str, Any], new_contacts: Iterable[Mapping[str, Any]] = ()) -> dict[str, str]:
    """Values as a browser would send them, so that a refused edit stands in its form again."""
    contacts = list(new_contacts)
    data = {name: _as_typed(value) for name, value in values.items()}
    data |= {"form-TOTAL_FORMS": str(len(contacts)), "form-INITIAL_FORMS": "0"}
    for place, contact in enumerate(contacts):
        data |= {f"form-{place}-{name}": _as_typed(value) for name, value in contact.items()}
    return data


def _as_typed(value: Any) -> str:
    if value is None:
        return ""
    return (HOME if value else BUSINESS) if isinstance(value, bool) else str(value)


def _team(connection: Connection) -> list[tuple[str, str]]:
    rows = Role.objects.filter(connection=connection, removed_at=None, withheld_at=None, is_hidden=False)
    return sorted(((str(role.opensolar_id), str(role)) for role in rows), key=lambda pair: pair[1].casefold())


def _with(choices: list[tuple[str, str]], current: str | None, nothing: str = "") -> list[tuple[str, str]]:
    """The choices, nobody or nothing first; also what stands there now, though it is no choice any more."""
    found = [("", nothing or _("Not said")), *choices]
    if current and current not in {value for value, _label in choices}:
        found.append((current, _("Number %(number)s") % {"number": current}))
    return found
