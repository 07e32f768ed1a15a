"""`/try`: why a condition holds for an alert's story or not, or what it would have found."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitors.alerts.showing.markup import Run
from monitors.language.problems import Problem
from monitors.pipeline.dialogs import Dialog
from monitors.pipeline.ports import Ledger, Store
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.talking.answer import Answer, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.commands.awaiting import await_words, stop_waiting
from monitors.talking.commands.picked import picked, which
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import asking, called, concerning, meant
from monitors.talking.rules_talk.previews import explained, findings, meaning
from monitors.talking.rules_talk.trial import WINDOW, Trial, Understood
from monitors.talking.showing.wording import (
    CONDITION_UNITS,
    code,
    joined,
    mistake,
    named,
    said,
)

_MOST_RULES = 3
_USAGE = (
    "Write /try and a condition or the name of a rule, or answer this message with it: I try it "
    "over the articles of the last days. /try as an answer to an alert says why it matches that "
    "one, or why not.\n"
    'For example: /try AUKUS AND "Pillar 2"'
)
_NO_ALERT = "That is no alert of this chat. Answer one of the bot's alerts with /try."
_NO_RULE = "No rule of now holds for it any more. Write /try and a condition."
_OFFERED = (
    Command(
        name="try",
        does="What a condition finds, and why or why not",
        example='/try AUKUS AND "Pillar 2"',
        needs=Role.READER,
        is_slow=True,
    ),
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A condition to try; *name* of the rule that has it, if one has."""

    name: str | None
    understood: Understood


@dataclass(slots=True)
class Tryer(Commands):
    """Answers `/try`.

    Attributes:
        trial: understands and tries conditions.
    """

    trial: Trial
    store: Store

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer what a condition finds, or why it holds for what is answered."""
        wanted: _Wanted | None = None
        about = await self.trial.archive.look(lambda ledger: picked(ledger, asked.said, asked.rest))
        if about.several:
            return plain(which("try"))
        text = said(about.rest)
        if text:
            rule = meant(concerning(self.trial.in_force.book, asking(asked)), text)
            condition = rule.match if rule else text
            found = await self.trial.understand(condition)
            if isinstance(found, Problem):
                runs = (Run("That cannot be understood:\n"), *mistake(found, condition))
                return Answer(runs=runs)
            wanted = _Wanted(rule.name if rule else None, found)
        if asked.said.reply_to is not None and (answer := await self._of_alert(asked, wanted)):
            return answer
        if wanted is None:
            if asked.said.reply_to:
                return plain(_NO_ALERT)
            await await_words(self.store, asked.said, _OFFERED[0].name, self.trial.clock())
            return plain(_USAGE)
        tried = await self.trial.of(wanted.understood)
        return Answer(runs=(*_head(wanted), Run("\n"), *findings(tried, WINDOW.days)))

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Try what somebody writes who was asked for it."""
        del dialog
        await stop_waiting(self.store, asked.said)
        return await self.answer(asked)

    async def _of_alert(self, asked: Asked, wanted: _Wanted | None) -> Answer | None:
        """Answer why conditions hold for the story of an alert; None if none is answered."""
        heard = asked.said
        book = self.trial.in_force.book
        concerned = concerning(book, asking(asked))

        def work(ledger: Ledger) -> Answer | None:
            told = picked(ledger, heard, asked.rest).told
            if told is None:
                return None
            articles = ledger.stories.articles(ledger.regrouping.current(told.story))
            if not articles:
                return None
            asks = (wanted,) if wanted else tuple(_of_rules(told.content.rules))
            if not asks:
                return plain(_NO_RULE)
            parts = []
            for one in asks:
                held = (each.article for each in articles if (one.name or "") in each.evidence)
                article = next(held, articles[0].article)
                parts.append(_explained(one, article))
            return Answer(runs=joined(parts, "\n\n"))

        def _of_rules(names: Sequence[str]) -> Sequence[_Wanted]:
            rules = [rule for name in names if (rule := called(concerned, name))]
            entities = book.rulebook.entities
            return [
                _Wanted(
                    rule.name,
                    Understood(text=rule.match, condition=rule.condition, entities=entities),
                )
                for rule in rules[:_MOST_RULES]
            ]

        return await self.trial.archive.look(work)


def _explained(wanted: _Wanted, article: Article) -> tuple[Run, ...]:
    found = wanted.understood
    matcher = Matcher(Rulebook(digest="", entities=found.entities))
    why = matcher.explain(found.condition, article)
    nearly = matcher.nearly(found.condition, article)
    return (*_head(wanted), Run("\n"), *explained(article, why, nearly))


def _head(wanted: _Wanted) -> tuple[Run, ...]:
    found = wanted.understood
    name = (*named(wanted.name), Run("\n")) if wanted.name else ()
    most = CONDITION_UNITS // 2
    words = meaning(found.text, found.condition, found.entities, most)
    return (*name, *code(found.text, most), *words)
