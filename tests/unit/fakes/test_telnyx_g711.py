import numpy as np
import pytest

from tests.fakes.telnyx.g711 import LAWS, is_loud


class TestG711:
    @pytest.mark.parametrize("name", ["PCMU", "PCMA"])
    def test_gives_every_code_back(self, name):
        law = LAWS[name]
        levels = law.decode(bytes(range(256)))

        assert law.decode(law.encode(levels)) == levels

    @pytest.mark.parametrize(
        ("name", "code", "level"),
        [
            ("PCMU", 0xFF, 0),
            ("PCMU", 0x00, -32124),
            ("PCMU", 0x80, 32124),
            ("PCMA", 0xD5, 8),
            ("PCMA", 0x2A, -32256),
            ("PCMA", 0xAA, 32256),
        ],
    )
    def test_agrees_with_the_table_of_the_standard(self, name, code, level):
        pcm = np.frombuffer(LAWS[name].decode(bytes([code])), dtype="<i2")

        assert int(pcm[0]) == level

    def test_takes_silence_for_quiet_and_speech_for_loud(self):
        assert not is_loud(bytes(320))
        assert is_loud(np.full(160, 2_000, dtype="<i2").tobytes())
