"""The bytes of a row that are sealed: all it says, in one fixed form."""

from typing import Final
from uuid import UUID

# The tree of rows that concern the product as a whole, and no organization.
PRODUCT: Final = UUID(int=0)

# PostgreSQL orders the names of a jsonb object by length, then by bytes, and writes one
# space behind each colon and comma: the same row gives the same bytes on any version.
# It stands here and not in the database, where whoever changes a row could change it.
ROW_BODY: Final = """convert_to(jsonb_build_object(
  'id', id, 'organization_id', organization_id,
  'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'actor_kind', actor_kind, 'actor_id', actor_id, 'action', action,
  'subject_kind', subject_kind, 'subject_id', subject_id,
  'fields', fields, 'facts', facts)::text, 'UTF8')"""
