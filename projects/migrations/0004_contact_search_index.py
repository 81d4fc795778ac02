"""PostgreSQL finds any part of a contact's name, e-mail or phone in a millisecond (projects.services.search.sql)."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEX = """
CREATE INDEX projects_contact_search ON projects_contact USING gin ((
    lower(first_name || ' ' || family_name || ' ' || display || ' ' || email || ' ' || phone || ' '
          || translate(phone, ' +-().', ''))
) gin_trgm_ops)
"""


def add_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS projects_contact_search")


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_invitations_and_views")]

    operations = [migrations.RunPython(add_index, drop_index)]
