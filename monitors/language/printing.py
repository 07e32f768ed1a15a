"""Tree to the text of a condition, with the fewest parentheses."""

from monitors.language.expression import (
    And,
    EntityName,
    Exact,
    Expression,
    Link,
    Near,
    Not,
    Or,
    Phrase,
    Repeated,
    Scoped,
    Several,
    Term,
    Word,
    is_term,
)
from monitors.language.lexing import is_plain_exact, is_plain_name, is_plain_word


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


def _bound(expression: Near | Scoped | Several | Repeated | Term) -> str:
    """Answer what binds closer than NOT."""
    match expression:
        case Near(parts, links):
            return _one(parts[0]) + "".join(map(_linked, links, parts[1:]))
        case Scoped(name, part):
            alone = isinstance(part, Repeated | Several) or is_term(part)
            return f"{name}:{to_text(part) if alone else f'({to_text(part)})'}"
        case Several(number, parts):
            return f"{number} OF ({', '.join(map(to_text, parts))})"
        case Repeated(term, times):
            return f"{_term(term)} >= {times}"
        case _:
            return _term(expression)


def _one(part: Expression) -> str:
    """Answer *part* as it stands in a row of AND."""
    return f"({to_text(part)})" if isinstance(part, Or) else to_text(part)


def _linked(link: Link, part: Expression) -> str:
    return f" {'O' if link.ordered else ''}NEAR/{link.words} {_one(part)}"


def _next(part: Expression) -> str:
    # `boat NOT toy` reads like a sentence, and the grammar lets AND be left out.
    return f" {_one(part)}" if isinstance(part, Not) else f" AND {_one(part)}"


def _term(term: Term) -> str:
    match term:
        case Word(text) if is_plain_word(text):
            return text
        case Exact(text):
            return f"={text}" if is_plain_exact(text) else f'="{text}"'
        case EntityName(name):
            return f"@{name}" if is_plain_name(name) else f'@"{name}"'
        case Word(text) | Phrase(text):
            return f'"{text}"'
