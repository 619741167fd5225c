import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.frames import Audio, Digit, Encoded, Frame, Saying, Spoken
from telephony.voice.stages.decode import Decode
from telephony.voice.stages.encode import Encode


def saying(number: int = 1) -> Saying:
    return Saying(text="Hello.", language="en", number=number, turn=1)


def spoken(pcm: bytes, *, number: int = 1, is_last: bool = False) -> Spoken:
    return Spoken(pcm=pcm, saying=saying(number), is_last=is_last)


def encoded(encode: Encode, *frames: Frame) -> list[Frame]:
    out: list[Frame] = []
    for frame in frames:
        encode.handle(frame, out.append)
    return out


def payloads(frames: list[Frame]) -> list[bytes]:
    return [frame.payload for frame in frames if isinstance(frame, Encoded)]


class TestEncode:
    def test_makes_frames_of_160_bytes_and_keeps_the_rest(self) -> None:
        encode = Encode("PCMU")

        assert payloads(encoded(encode, spoken(b"\0" * 700))) == [b"\xff" * 160] * 2
        assert payloads(encoded(encode, spoken(b"\0" * 260))) == [b"\xff" * 160]

    def test_fills_the_last_frame_up_and_says_where_the_mark_belongs(self) -> None:
        out = encoded(Encode("PCMA"), spoken(b"\x00\x7d" * 10, is_last=True))

        assert payloads(out) == [b"\xaa" * 10 + b"\xd5" * 150]
        assert out[-1] == spoken(b"", is_last=True)

    def test_marks_the_end_of_a_sentence_without_sound(self) -> None:
        assert encoded(Encode("PCMU"), spoken(b"", is_last=True)) == [
            spoken(b"", is_last=True)
        ]

    def test_drops_the_rest_of_a_sentence_that_was_cut_off(self) -> None:
        encode = Encode("PCMU")
        encoded(encode, spoken(b"\x00\x7d" * 10, number=1))

        out = encoded(encode, spoken(b"\0" * 320, number=2, is_last=True))

        assert payloads(out) == [b"\xff" * 160]

    def test_numbers_and_times_its_frames_through_the_call(self) -> None:
        encode = Encode("PCMU")
        out = encoded(encode, spoken(b"\0" * 640), spoken(b"\0" * 320, number=2))

        places = [(f.chunk, f.at_ms) for f in out if isinstance(f, Encoded)]
        assert places == [(1, 0), (2, 20), (3, 40)]

    def test_lets_other_frames_pass(self) -> None:
        digit = Digit(digit="0", at_ms=1)

        assert encoded(Encode("PCMU"), digit) == [digit]

    def test_refuses_an_encoding_it_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="G722"):
            Encode("G722")

    @pytest.mark.parametrize("encoding", ["PCMU", "PCMA"])
    @given(payload=st.binary(min_size=160, max_size=160))
    def test_gives_back_what_was_decoded_byte_for_byte(
        self, encoding: str, payload: bytes
    ) -> None:
        if encoding == "PCMU":
            # mu-law has two zeros; the negative one comes back as the positive.
            payload = payload.replace(b"\x7f", b"\xff")
        out: list[Frame] = []
        Decode(encoding).handle(Encoded(payload=payload, chunk=1, at_ms=0), out.append)
        (audio,) = out
        assert isinstance(audio, Audio)

        assert payloads(encoded(Encode(encoding), spoken(audio.pcm))) == [payload]

    @given(pieces=st.lists(st.binary(max_size=700), max_size=8))
    def test_neither_loses_nor_invents_samples_between_pieces(
        self, pieces: list[bytes]
    ) -> None:
        whole = b"".join(pieces)
        at_once = encoded(Encode("PCMU"), spoken(whole, is_last=True))

        in_pieces = encoded(
            Encode("PCMU"), *map(spoken, pieces), spoken(b"", is_last=True)
        )

        assert payloads(in_pieces) == payloads(at_once)
        assert len(payloads(at_once)) == -(-(len(whole) // 2) // 160)
