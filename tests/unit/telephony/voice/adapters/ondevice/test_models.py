from pathlib import Path

import pytest
from pocketsphinx import get_model_path

from telephony.voice.adapters.ondevice import models
from telephony.voice.adapters.ondevice.models import MODEL_NAMES, build_models

_PACKAGED = Path(get_model_path("en-us/cmudict-en-us.dict"))


@pytest.fixture
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "SAMPLES", 40)


@pytest.mark.usefixtures("few_samples")
class TestBuildModels:
    def test_writes_a_dictionary_and_a_trigram_for_each_state(
        self, tmp_path: Path
    ) -> None:
        built = build_models(tmp_path, packaged_dictionary=_PACKAGED)

        names = sorted(file.name for file in built.folder.iterdir())
        assert names == sorted(
            ["words.dict", *(f"{name}.arpa" for name in MODEL_NAMES)]
        )
        assert "\ntuesday(4) CH UW Z D EY\n" in built.dictionary.read_text()
        assert "\ns_ EH S\n" in built.dictionary.read_text()

    def test_builds_once_for_the_same_sentences(self, tmp_path: Path) -> None:
        first = build_models(tmp_path, packaged_dictionary=_PACKAGED)
        made_at = first.dictionary.stat().st_mtime_ns

        assert build_models(tmp_path, packaged_dictionary=_PACKAGED) == first
        assert first.dictionary.stat().st_mtime_ns == made_at

    def test_builds_anew_when_a_sentence_changes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = build_models(tmp_path, packaged_dictionary=_PACKAGED)
        monkeypatch.setattr(models, "BACKGROUND", ("hello there",))

        second = build_models(tmp_path, packaged_dictionary=_PACKAGED)

        assert second.folder != first.folder
        assert sorted(tmp_path.iterdir()) == sorted([first.folder, second.folder])
