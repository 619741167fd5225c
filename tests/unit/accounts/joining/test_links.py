from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.joining.links import Link, LinkKind, read_link
from sondervoice.kernel.ids import uuid7


def _token(link: Link) -> str:
    return unquote(link.path().rstrip("/").rpartition("/")[2])


links = st.builds(
    Link,
    kind=st.sampled_from(LinkKind),
    row_id=st.uuids(),
    number=st.integers(0, 9_999),
    organization_id=st.none() | st.uuids(),
)


class TestLink:
    @given(links)
    def test_is_read_as_it_was_written(self, link: Link):
        assert read_link(link.kind, _token(link)) == link

    @given(links)
    def test_of_one_kind_is_worth_nothing_to_another(self, link: Link):
        (other,) = set(LinkKind) - {link.kind}

        assert read_link(other, _token(link)) is None

    @given(links, st.data())
    def test_is_worth_nothing_when_changed(self, link: Link, data):
        token = _token(link)
        place = data.draw(st.integers(0, len(token) - 1))
        other = data.draw(st.sampled_from("abcdef0123456789-:_"))

        changed = token[:place] + other + token[place + 1 :]

        # The signature's last letter holds two bits that say nothing.
        if changed != token and place < len(token) - 1:
            assert read_link(link.kind, changed) is None

    @pytest.mark.parametrize("token", ["", "x", ":", "a-b:c", "🐌", f"{UUID(int=0)}:x"])
    def test_that_we_have_not_written_is_none(self, token: str):
        assert read_link(LinkKind.SIGN_UP, token) is None

    def test_names_no_person(self):
        link = Link(kind=LinkKind.SIGN_UP, row_id=uuid7(), number=1)

        assert link.path().startswith(f"/accounts/sign-up/{link.row_id.hex}-1")
