"""Whose limits a login spends stands beside it in clear: pages tell of budgets and open no login."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.lib.crypto import UndecryptableSecret


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A login that no key opens spends nothing until somebody enters another, which then names its owner."""
    rows = apps.get_model("portal", "Connection").objects.order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)):
        try:
            credentials = rows.values_list("credentials", flat=True).get(pk=pk)
        except UndecryptableSecret:
            continue
        rows.filter(pk=pk).update(budget_owner=str(credentials.get("owner") or ""))


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_find_deliveries_for_a_person")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="budget_owner",
            field=models.CharField(
                default="",
                editable=False,
                help_text="Whose limits the login spends, as its source says.",
                max_length=200,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
