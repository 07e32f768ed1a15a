"""Make monitors/grouping/wording/word_shares.txt: in how many articles the common words stand.

    pip install wordfreq && python -m benchmarks.make_word_shares

Of each language, the words by which articles are compared (`grouping.stems`) with the share of
articles, in thousandths, that have them: an article is taken for 20 words drawn at random. Words
that stand in fewer than one of 500 articles are left out. The frequencies are those of the
wordfreq package by Robyn Speer (data under CC BY-SA 4.0), and so the table is under it, too.
"""

from collections import Counter, defaultdict
from pathlib import Path

from monitors.grouping.wording.stems import stems
from monitors.stories.words import cut

_WORDS_OF_AN_ARTICLE = 20
_LEAST = 1e-4
_STEPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 150, 250, 400, 600, 1000)
_TABLE = Path(__file__).parents[1] / "monitors" / "grouping" / "wording" / "word_shares.txt"
_HEAD = """\
# Made by benchmarks/make_word_shares.py from the frequencies of wordfreq by Robyn Speer,
# https://github.com/rspeer/wordfreq, CC BY-SA 4.0; this table is under the same licence.
# language, share of the articles in thousandths, stems
"""


def main() -> None:
    """Write the table."""
    from wordfreq import available_languages, get_frequency_dict

    lines = []
    for lang in sorted(available_languages("small")):
        frequency: Counter[str] = Counter()
        for word, share in get_frequency_dict(lang, "small").items():
            for stem, _ in stems(word, cut(word)):
                frequency[stem] += share
        by_share = defaultdict(list)
        for stem, share in frequency.items():
            if share >= _LEAST:
                thousandths = min(1.0, share * _WORDS_OF_AN_ARTICLE) * 1000
                by_share[min(_STEPS, key=lambda step: abs(step - thousandths))].append(stem)
        lines += [
            f"{lang}\t{share}\t{' '.join(sorted(stemmed))}"
            for share, stemmed in sorted(by_share.items(), reverse=True)
        ]
    _TABLE.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
