from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from accounts.bodies import read_body
from accounts.shapes import ID, TIME, WHOLE, body, maybe, one_word, rows, text

SHAPE = body(
    "Thing",
    ("name",),
    name=text(1, 5),
    id=ID,
    at=TIME,
    kind=one_word(["a", "b"]),
    count={**WHOLE, "minimum": 1, "maximum": 60},
    words=rows(one_word(["x", "y"]), minItems=1, maxItems=2, uniqueItems=True),
    note=maybe(text(0, 5)),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


class TestABody:
    def test_that_fits_is_read_with_ids_and_times_as_such(self):
        found = read_body(
            {
                "name": "Ada",
                "id": "019ab1c0-5e2a-7c31-9d04-6f1a2b3c4d5e",
                "at": "2026-11-20T15:42:00Z",
                "kind": "b",
                "count": 60,
                "words": ["y", "x"],
                "note": None,
            },
            SHAPE,
        )

        assert found == {
            "name": "Ada",
            "id": UUID("019ab1c0-5e2a-7c31-9d04-6f1a2b3c4d5e"),
            "at": datetime(2026, 11, 20, 15, 42, tzinfo=UTC),
            "kind": "b",
            "count": 60,
            "words": ["y", "x"],
            "note": None,
        }

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"name": "abcdef"}, "must have 1 to 5 characters"),
            ({"name": ""}, "must have 1 to 5 characters"),
            ({"name": "  "}, "must not be blank"),
            ({"name": "a\nb"}, "must have no control characters"),
            ({"name": "\ud800"}, "must have no control characters"),
            ({"name": None}, "must be a text"),
            ({"id": "1"}, "must be an id"),
            ({"id": "019ab1c05e2a7c319d046f1a2b3c4d5e"}, "must be an id"),
            ({"at": "2026-11-20"}, "must be a time as 2027-01-31T17:00:00Z"),
            ({"at": "2026-11-20T15:42:00"}, "must be a time as 2027-01-31T17:00:00Z"),
            ({"at": "2026-13-20T15:42:00Z"}, "must be a time that exists"),
            ({"kind": "c"}, "must be one of a, b"),
            ({"count": 61}, "must be from 1 to 60"),
            ({"count": True}, "must be a whole number"),
            ({"count": 1.0}, "must be a whole number"),
            ({"words": "x"}, "must be a list"),
            ({"words": []}, "must have 1 to 2 entries"),
            ({"words": ["x", "x"]}, "must have each entry once"),
            ({"words": ["z"]}, "must be one of x, y"),
            ({"organization": "1"}, "is not known"),
        ],
    )
    def test_that_does_not_fit_is_refused_by_the_fields_name(self, change, words):
        with pytest.raises(ValidationError) as refusal:
            read_body({"name": "Ada", **change}, SHAPE)

        (field,) = change
        assert refusal.value.detail == {field: [words]}

    @given(st.dictionaries(st.sampled_from([*SHAPE["properties"], "role"]), values))
    def test_of_any_kind_is_read_or_refused_with_known_fields_alone(self, sent):
        try:
            found = read_body(sent, SHAPE)
        except ValidationError:
            return
        assert set(found) == set(sent) <= set(SHAPE["properties"])

    @given(values)
    def test_that_is_no_object_is_refused(self, sent):
        if not isinstance(sent, dict):
            with pytest.raises(ValidationError):
                read_body(sent, SHAPE)
