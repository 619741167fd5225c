"""Migration operations that put a table behind row level security.

Facts behind the SQL: the setting is read once per statement (an InitPlan, by the inner
SELECT), is '' and not NULL after a transaction that set it, and foreign key checks look
past the policies, so references carry the organization with them.
"""

from typing import Any, ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from sondervoice.kernel.tenancy import SETTING

CURRENT = f"(SELECT NULLIF(current_setting('{SETTING}', true), '')::uuid)"
PERSON = "(SELECT NULLIF(current_setting('app.user_id', true), '')::uuid)"
SIGNING_IN = "(SELECT current_setting('app.purpose', true)) = 'sign_in'"


class _TableOperation(Operation):
    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, **options: str) -> None:
        self.model_name = model_name
        self.options = options

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.model_name], dict(self.options)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: row level security is the database's own."""

    def table(self, app_label: str, state: ProjectState) -> str:
        return str(state.apps.get_model(app_label, self.model_name)._meta.db_table)


class _PolicyTable(_TableOperation):
    """A table whose policies go with it."""

    policies: ClassVar[tuple[str, ...]]

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the policies away; the table is about to go."""
        table = schema_editor.quote_name(self.table(app_label, from_state))
        for policy in self.policies:
            schema_editor.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class TenantTable(_PolicyTable):
    """Show each organization its own rows alone, the table's owner included.

    The owner and the operator role read by policies of their own, so that no role needs
    BYPASSRLS. `nullable="yes"` lets rows of no organization be seen outside a scope.
    """

    policies = ("tenant_isolation", "owner_all", "operator_read")

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Enable, force, and grant."""
        table = schema_editor.quote_name(self.table(app_label, to_state))
        column = schema_editor.quote_name(self.options.get("column", "organization_id"))
        test = f"{column} = {CURRENT}"
        if "nullable" in self.options:
            test = f"{column} IS NOT DISTINCT FROM {CURRENT}"
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant_isolation ON {table} FOR ALL TO sv_app "
            f"USING ({test}) WITH CHECK ({test})",
            f"CREATE POLICY owner_all ON {table} FOR ALL TO sv_owner "
            "USING (true) WITH CHECK (true)",
            f"CREATE POLICY operator_read ON {table} FOR SELECT TO sv_operator "
            "USING (true)",
            f"GRANT SELECT ON {table} TO sv_operator",
        ):
            schema_editor.execute(statement)
        if column == '"organization_id"' and "nullable" not in self.options:
            schema_editor.execute(
                f"ALTER TABLE {table} ADD UNIQUE (organization_id, id)"
            )

    def describe(self) -> str:
        """Return what this does, for the migration's log."""
        return f"Put {self.model_name} behind row level security"


class PersonTable(_PolicyTable):
    """Show each person their own rows alone: what is theirs whatever the clinic.

    The sign-in pages see all of them (purpose `sign_in`); so does the owner. The column
    is `user_id` unless `column` names another.
    """

    policies = ("own_rows", "owner_all")

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Enable, force, and say whose rows are seen."""
        table = schema_editor.quote_name(self.table(app_label, to_state))
        column = schema_editor.quote_name(self.options.get("column", "user_id"))
        test = f"{column} = {PERSON} OR {SIGNING_IN}"
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY own_rows ON {table} FOR ALL TO sv_app "
            f"USING ({test}) WITH CHECK ({test})",
            f"CREATE POLICY owner_all ON {table} FOR ALL TO sv_owner "
            "USING (true) WITH CHECK (true)",
        ):
            schema_editor.execute(statement)

    def describe(self) -> str:
        """Return what this does, for the migration's log."""
        return f"Show rows of {self.model_name} to whom they belong"


class TenantForeignKey(_TableOperation):
    """Let a reference lead only to a row of the same organization.

    Takes the model and its foreign key: ``TenantForeignKey("Call", field="number")``.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the composite constraint beside Django's own."""
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.options["field"])
        table = schema_editor.quote_name(model._meta.db_table)
        column = schema_editor.quote_name(field.column)
        target = schema_editor.quote_name(field.related_model._meta.db_table)
        name = schema_editor.quote_name(f"{model._meta.db_table}_{field.column}_tenant")
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} "
            f"FOREIGN KEY (organization_id, {column}) "
            f"REFERENCES {target} (organization_id, id) DEFERRABLE INITIALLY DEFERRED"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the constraint."""
        model = from_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.options["field"]).column
        name = schema_editor.quote_name(f"{model._meta.db_table}_{column}_tenant")
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")

    def describe(self) -> str:
        """Return what this does, for the migration's log."""
        return f"Keep {self.model_name}.{self.options['field']} within its organization"
