import math

from telephony.voice.adapters.ondevice.arpa import build_arpa


def _section(text: str, length: int) -> dict[str, tuple[float, float | None]]:
    part = text.split(f"\\{length}-grams:\n")[1].split("\n\n", maxsplit=1)[0]
    rows = (line.split("\t") for line in part.splitlines())
    return {
        row[1]: (10 ** float(row[0]), 10 ** float(row[2]) if len(row) > 2 else None)
        for row in rows
    }


class TestBuildArpa:
    def test_counts_its_grams_in_the_head(self) -> None:
        text = build_arpa([(["yes"], 1.0), (["no", "thanks"], 1.0)])

        assert text.startswith(
            "\\data\\\nngram 1=5\nngram 2=5\nngram 3=3\n\n\\1-grams:\n"
        )
        assert text.endswith("\n\\end\\\n")

    def test_gives_words_their_share_and_the_start_none(self) -> None:
        words = _section(build_arpa([(["yes"], 3.0), (["no"], 1.0)]), 1)

        assert math.isclose(words["yes"][0], 3 / 8, rel_tol=1e-3)
        assert math.isclose(words["</s>"][0], 4 / 8, rel_tol=1e-3)
        assert words["<s>"][0] < 1e-90

    def test_takes_six_tenths_of_a_count_from_each_pair(self) -> None:
        pairs = _section(build_arpa([(["yes"], 3.0), (["no"], 2.0)]), 2)

        assert math.isclose(pairs["<s> yes"][0], 2.4 / 5, rel_tol=1e-3)
        assert math.isclose(pairs["<s> no"][0], 1.4 / 5, rel_tol=1e-3)

    def test_gives_what_it_took_to_the_words_not_seen_there(self) -> None:
        text = build_arpa([(["a", "b"], 4.0), (["a", "c"], 4.0), (["d"], 4.0)])
        words, pairs = _section(text, 1), _section(text, 2)

        seen = [gram.split()[1] for gram in pairs if gram.startswith("a ")]
        unseen = sum(words[word][0] for word in words if word not in seen)
        total = sum(pairs[f"a {word}"][0] for word in seen) + words["a"][1] * unseen

        assert sorted(seen) == ["b", "c"]
        assert math.isclose(total, 1.0, rel_tol=1e-3)
