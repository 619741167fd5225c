"""What stands between the record and who reads it: found where it is not ours.

A policy or a view can hide a row from a clinic's pages that the sealer still sees, so
no comparison of rows would tell. What the migrations made is listed here, not in the
database.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from compliance.ledger.findings import Finding, Wrong

_RECORD: Final = "audit_logs"
_SEALED: Final = (
    "ledger_leaves",
    "ledger_nodes",
    "ledger_checkpoints",
    "ledger_anchored",
)
_PLAIN: Final = ("ledger_anchors", "ledger_state", "ledger_dropped")
_NAMES: Final = [_RECORD, *_SEALED, *_PLAIN]

_OWN: Final = (
    "organization_id = (SELECT NULLIF(current_setting('app.organization_id', true), "
    "'')::uuid)"
)
_OWN_OR_NONE: Final = (
    "NOT (organization_id IS DISTINCT FROM (SELECT "
    "NULLIF(current_setting('app.organization_id', true), '')::uuid))"
)
_OWNER: Final = ("owner_all", "*", "sv_owner", "true", "true")
_OPERATOR: Final = ("operator_read", "r", "sv_operator", "true", "")
_SEALER: Final = ("sealer_read", "r", "sv_sealer", "true", "")
_ON_THE_RECORD: Final = (
    (
        "tenant_isolation",
        "*",
        "sv_app",
        _OWN_OR_NONE,
        f"organization_id IS NULL OR {_OWN}",
    ),
    _OWNER,
    _OPERATOR,
    _SEALER,
)
_ON_A_MONTH: Final = (("owner_read", "r", "sv_owner", "true", ""),)
_ON_SEALED: Final = (
    ("tenant_isolation", "r", "sv_app", _OWN, ""),
    ("sealer_add", "a", "sv_sealer", "", "true"),
    _OWNER,
    _OPERATOR,
    _SEALER,
)
# Names, and the events they are for as PostgreSQL numbers them.
_RULES: Final = {("prevent_audit_update", "2"), ("prevent_audit_delete", "4")}
_TRIGGERS: Final = {"no_change": 27, "no_truncate": 34}

_OURS: Final = """
WITH ours AS (
  SELECT oid, relname, EXISTS (
           SELECT FROM pg_inherits WHERE inhrelid = oid
              AND inhparent = to_regclass('public.audit_logs')) AS is_month
    FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT CASE WHEN is_month THEN '' ELSE relname END, relname, {columns}
  FROM ours JOIN {catalogue} ON {oid} = ours.oid
 WHERE (is_month OR relname = ANY(%s)) {and_so} ORDER BY 2, 3"""
_POLICIES: Final = _OURS.format(
    columns="polname, polpermissive, polcmd::text, "
    "array_to_string(polroles::regrole[], ','), "
    "coalesce(pg_get_expr(polqual, polrelid), ''), "
    "coalesce(pg_get_expr(polwithcheck, polrelid), '')",
    catalogue="pg_policy",
    oid="polrelid",
    and_so="",
)
_RULES_THERE: Final = _OURS.format(
    columns="rulename, ev_type::text",
    catalogue="pg_rewrite",
    oid="ev_class",
    and_so="",
)
_TRIGGERS_THERE: Final = _OURS.format(
    columns="tgname, tgtype",
    catalogue="pg_trigger",
    oid="tgrelid",
    and_so="AND NOT tgisinternal AND tgparentid = 0",
)
# Every role finds a schema of its own name before the one that the product uses.
_IN_PLACE: Final = """
SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
 WHERE relname = ANY(%s) AND nspname NOT LIKE 'pg\\_temp\\_%%'
   AND (nspname <> 'public'
        OR relkind <> CASE relname WHEN 'audit_logs' THEN 'p' ELSE 'r' END)
 ORDER BY 1, 2"""


def find_strangers(cursor: Any) -> Iterator[Finding]:
    """Find policies, rules, triggers and views on the record that are not ours.

    That one of ours is missing is not looked for: it hides nothing.
    """
    cursor.execute(_POLICIES, [_NAMES])
    for table, name, *policy in cursor.fetchall():
        if not policy[1] or not _is_our_policy(table, policy[0], *policy[2:]):
            yield _stranger(name, "policy", policy[0])
    cursor.execute(_RULES_THERE, [_NAMES])
    for table, name, rule, event in cursor.fetchall():
        if table not in {"", _RECORD} or (rule, event) not in _RULES:
            yield _stranger(name, "rule", rule)
    cursor.execute(_TRIGGERS_THERE, [_NAMES])
    for table, name, trigger, events in cursor.fetchall():
        whose, _, what = trigger.partition("_")
        is_ours = whose == ("audit" if table in {"", _RECORD} else "ledger")
        if not is_ours or _TRIGGERS.get(what) != events:
            yield _stranger(name, "trigger", trigger)
    cursor.execute(_IN_PLACE, [_NAMES])
    for schema, name in cursor.fetchall():
        words = f"{schema}.{name} stands in the place of the record"
        yield Finding(wrong=Wrong.GUARD, words=words)


def _is_our_policy(table: str, name: str, command: str, role: str, *says: str) -> bool:
    ours: tuple[tuple[str, ...], ...] = _ON_SEALED if table in _SEALED else ()
    if table in {"", _RECORD}:
        ours = _ON_THE_RECORD if table else _ON_A_MONTH
    plain = [(*one[:3], *map(_plain, one[3:])) for one in ours]
    return (name, command, role, *map(_plain, says)) in plain


def _plain(expression: str) -> str:
    """Return an expression as written and as PostgreSQL says it in one form."""
    said = expression.lower().replace("::text", "").replace('as "nullif"', "")
    return re.sub(r"[\s()]", "", said)


def _stranger(table: str, what: str, name: str) -> Finding:
    words = f"{table} has a {what} that is not ours: {name}"
    return Finding(wrong=Wrong.GUARD, words=words)
