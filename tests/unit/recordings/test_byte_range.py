import pytest

from recordings.byte_range import ByteRange, RangeBeyondEndError, read_range

SIZE = 1000


class TestReadRange:
    @pytest.mark.parametrize(
        ("header", "first", "last"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=0-999", 0, 999),
            ("bytes=0-", 0, 999),
            ("bytes=500-", 500, 999),
            ("bytes=999-5000", 999, 999),
            ("bytes=-1", 999, 999),
            ("bytes=-5000", 0, 999),
            ("Bytes=1-2", 1, 2),
        ],
    )
    def test_counts_both_ends(self, header: str, first: int, last: int):
        assert read_range(header, size=SIZE) == ByteRange(first, last)

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "bytes=",
            "bytes=-",
            "bytes=2-1",
            "bytes=a-b",
            "items=0-1",
            "bytes=0-1,4-5",
            "bytes=0-1 x",
            "bytes=" + "9" * 40 + "-",
        ],
    )
    def test_ignores_what_it_cannot_read(self, header: str):
        assert read_range(header, size=SIZE) is None

    @pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
    def test_refuses_what_lies_beyond_the_end(self, header: str):
        with pytest.raises(RangeBeyondEndError):
            read_range(header, size=SIZE)

    def test_knows_its_length(self):
        assert ByteRange(10, 19).length == 10
