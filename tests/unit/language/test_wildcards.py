import pytest

from monitors.language.wildcards import Use, cleaned, wildcard_refusal


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("submarin*", "submarin*"),
        ("sub＊＊*", "sub*"),
        ("wom？n?", "wom?n"),
        ("who won?? nobody?!", "who won nobody!"),
        ("?omen", "?omen"),
        ("colo??r", "colo??r"),
        ("boat?*", "boat?*"),
        ("boat*?", "boat*"),
        ("a? *b", "a *b"),
    ],
)
def test_signs_that_mean_nothing_are_left_out(text, means):
    assert cleaned(text) == means


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("submarin*", Use.WORD),
        ("*marine", Use.WORD),
        ("*marin*", Use.WORD),
        ("?arine", Use.WORD),
        ("w?women", Use.WORD),
        ("colo*r", Use.WORD),
        ("wom?n", Use.WORD),
        ("हिन्दुस्*तान", Use.WORD),
        ("ঢাকা*", Use.WORD),
        ("चीन*", Use.WORD),
        ("anti-dron*", Use.WORD),
        ("한국어*", Use.WORD),
        ("日本銀*", Use.WORD),
        ("abcd?????*", Use.WORD),
        ("ban * exports", Use.PHRASE),
        ("ban * * exp*s", Use.PHRASE),
        ("exp*s wom?n", Use.LOOSE),
        ("Submarin*", Use.EXACT),
        ("no sign", Use.FORMS),
    ],
)
def test_signs_may_stand_where_enough_letters_are_certain(text, use):
    assert wildcard_refusal(text, use) is None


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("su*", Use.WORD),
        ("*ine", Use.WORD),
        ("w*men", Use.WORD),
        ("w?m?n", Use.WORD),
        ("anti-dr*", Use.WORD),
        ("e\u0301e\u0301*", Use.WORD),
        ("日本*銀行券", Use.WORD),
        ("*", Use.WORD),
        ("* ban", Use.PHRASE),
        ("ban *", Use.PHRASE),
        ("ban *, exports", Use.PHRASE),
        ("ban su*", Use.PHRASE),
        ("ban * exports", Use.LOOSE),
        ("ban * exports", Use.EXACT),
        ("exp*s", Use.EXACT),
        ("wom?n", Use.EXACT),
        ("submarin*", Use.FORMS),
    ],
)
def test_signs_that_leave_too_little_are_refused_with_a_mend(text, use):
    message, hint = wildcard_refusal(text, use)

    assert message
    assert hint
