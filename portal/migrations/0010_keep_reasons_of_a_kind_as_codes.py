"""Why somebody is what they are was kept as a sentence, on whose wording their return hung: codes take its place."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CODES = {
    "Administrator at OpenSolar": "administrator",
    "Assigned to a project, its salesperson or its designer": "sales",
    "Site inspector of a project": "inspector",
    "Installer of a project": "installer",
    "Named on no project": "unnamed",
    "Hidden or removed at OpenSolar": "hidden",
}


def to_codes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _replace(apps, CODES)


def to_sentences(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _replace(apps, {code: sentence for sentence, code in CODES.items()})


def _replace(apps: Apps, words: dict[str, str]) -> None:
    memberships = apps.get_model("portal", "Membership").objects
    for before, after in words.items():
        memberships.filter(derived_because=before).update(derived_because=after)


class Migration(migrations.Migration):
    dependencies = [("portal", "0009_name_whose_budget_a_login_spends")]

    operations = [migrations.RunPython(to_codes, to_sentences)]
