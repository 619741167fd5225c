import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.frames import Audio, Digit, Encoded, Frame
from telephony.voice.stages.decode import MOST_SAMPLES, Decode


def decoded(decode: Decode, *payloads: tuple[bytes, int]) -> list[Frame]:
    out: list[Frame] = []
    for chunk, (payload, at_ms) in enumerate(payloads, 1):
        decode.handle(Encoded(payload=payload, chunk=chunk, at_ms=at_ms), out.append)
    return out


class TestDecode:
    def test_knows_silence_in_both_encodings(self) -> None:
        silence = Audio(pcm=b"\0" * 320, at_ms=40)

        assert decoded(Decode("PCMU"), (b"\xff" * 160, 40)) == [silence]
        assert decoded(Decode("PCMA"), (b"\xd5" * 160, 40)) == [
            Audio(pcm=b"\x08\x00" * 160, at_ms=40)
        ]

    def test_refuses_an_encoding_it_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="L16"):
            Decode("L16")

    def test_cuts_a_long_payload_into_frames(self) -> None:
        out = decoded(Decode("PCMU"), (b"\xff" * 480, 100))

        assert [audio.at_ms for audio in out if isinstance(audio, Audio)] == [
            100,
            120,
            140,
        ]

    def test_joins_two_halves(self) -> None:
        out = decoded(Decode("PCMU"), (b"\xff" * 80, 100), (b"\x80" * 80, 110))

        assert out == [Audio(pcm=b"\0" * 160 + b"\x7c\x7d" * 80, at_ms=100)]

    def test_fills_a_rest_up_with_silence_when_the_next_does_not_follow_on(
        self,
    ) -> None:
        out = decoded(Decode("PCMU"), (b"\x80" * 80, 100), (b"\xff" * 160, 500))

        assert out == [
            Audio(pcm=b"\x7c\x7d" * 80 + b"\0" * 160, at_ms=100),
            Audio(pcm=b"\0" * 320, at_ms=500),
        ]

    def test_takes_no_more_than_a_second_at_once(self) -> None:
        decode = Decode("PCMU")

        assert len(decoded(decode, (b"\xff" * 60_000, 0))) == 50
        assert decode.cut == 60_000 - MOST_SAMPLES

    def test_makes_nothing_of_nothing(self) -> None:
        assert decoded(Decode("PCMU"), (b"", 0)) == []

    def test_lets_other_frames_pass(self) -> None:
        out: list[Frame] = []

        Decode("PCMU").handle(Digit(digit="#", at_ms=5), out.append)

        assert out == [Digit(digit="#", at_ms=5)]

    @given(st.lists(st.binary(max_size=500)))
    def test_neither_loses_nor_invents_sound_of_any_length(
        self, payloads: list[bytes]
    ) -> None:
        starts = [sum(map(len, payloads[:i])) // 8 for i in range(len(payloads))]

        out = decoded(Decode("PCMU"), *zip(payloads, starts, strict=True))

        whole = b"".join(payloads)
        pcm = b"".join(audio.pcm for audio in out if isinstance(audio, Audio))
        expected = decoded(Decode("PCMU"), *((bytes([b]) * 160, 0) for b in whole))
        assert (
            pcm
            == b"".join(
                audio.pcm[:2] for audio in expected if isinstance(audio, Audio)
            )[: len(whole) // 160 * 320]
        )
