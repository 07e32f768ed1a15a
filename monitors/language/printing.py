"""Tree to the text of a condition, with the fewest parentheses."""

import re

from monitors.language.expression import (
    Age,
    And,
    EntityName,
    Exact,
    Expression,
    Forms,
    Link,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Regex,
    Repeated,
    Scoped,
    Score,
    Several,
    Term,
    Weight,
    Word,
    is_term,
)
from monitors.language.lexing import is_plain
from monitors.language.tokens import Kind
from monitors.times import duration_text

_SLASH = re.compile(r"\\.|/", re.DOTALL)


def to_text(expression: Expression) -> str:
    """Answer *expression* as rule text; `parse` reads it as an equal tree.

    That holds for every tree that `parse` makes. In others, a double quotation mark inside a
    term, an `And` directly inside an `And` and the like have no text of their own.
    """
    match expression:
        case Or(parts):
            return " OR ".join(map(to_text, parts))
        case And(parts):
            return _one(parts[0]) + "".join(map(_next, parts[1:]))
        case Not(part):
            return f"NOT {f'({to_text(part)})' if isinstance(part, And) else _one(part)}"
        case _:
            return _bound(expression)


def _bound(expression: Near | Scoped | Several | Score | Repeated | Age | Term) -> str:
    """Answer what binds closer than NOT."""
    match expression:
        case Near(parts, links):
            return _one(parts[0]) + "".join(map(_linked, links, parts[1:]))
        case Scoped(name, part):
            return f"{name}:{to_text(part) if _is_whole(part) else f'({to_text(part)})'}"
        case Several() | Score():
            return _list(expression)
        case Repeated(term, times):
            return f"{_term(term)} >= {times}"
        case Age(than, younger):
            return f"published:{'<' if younger else '>'}{duration_text(than)}"
        case _:
            return _term(expression)


def _is_whole(part: Expression) -> bool:
    """Answer whether *part* needs no parentheses after the name of a field."""
    return is_term(part) or isinstance(part, Repeated | Several | Score)


def _list(expression: Several | Score) -> str:
    if isinstance(expression, Several):
        return f"{expression.number} OF ({', '.join(map(to_text, expression.parts))})"
    return f"{expression.least} POINTS ({', '.join(map(_weight, expression.weights))})"


def _one(part: Expression) -> str:
    """Answer *part* as it stands in a row of AND."""
    return f"({to_text(part)})" if isinstance(part, Or) else to_text(part)


def _linked(link: Link, part: Expression) -> str:
    if link.words is None:
        return f" SENTENCE {_one(part)}"
    return f" {'O' if link.ordered else ''}NEAR/{link.words} {_one(part)}"


def _next(part: Expression) -> str:
    # `boat NOT toy` reads like a sentence, and the grammar lets AND be left out.
    return f" {_one(part)}" if isinstance(part, Not) else f" AND {_one(part)}"


def _weight(weight: Weight) -> str:
    part = to_text(weight.part)
    each = " EACH" if weight.each else ""
    if weight.points == 1:
        return part + each
    alone = is_term(weight.part) or isinstance(weight.part, Scoped | Several | Score | Age)
    return f"{part if alone else f'({part})'}^{weight.points}{each}"


def _term(term: Term) -> str:
    match term:
        case Exact(text):
            return _marked("=", text, Kind.EXACT)
        case Forms(text):
            return _marked("~", text, Kind.FORMS)
        case EntityName(name):
            return _marked("@", name, Kind.ENTITY)
        case Regex(pattern, ignores_case):
            return f"/{_SLASH.sub(_escaped, pattern)}/{'i' if ignores_case else ''}"
        case Loose(text, others):
            return f'"{text}"~{others}'
        case Word(text) | Phrase(text):
            bare = isinstance(term, Word) and is_plain(text, Kind.WORD)
            return text if bare else f'"{text}"'


def _marked(sign: str, text: str, kind: Kind) -> str:
    return f"{sign}{text}" if is_plain(text, kind, sign) else f'{sign}"{text}"'


def _escaped(found: re.Match[str]) -> str:
    return "\\/" if found[0] == "/" else found[0]
