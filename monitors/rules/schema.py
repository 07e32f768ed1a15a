"""The keys of rules.yaml and what each may hold, for Newsbell and for editors.

pydantic checks the plain data by the shapes below; `json_schema` describes them to editors,
which complete and check the file by docs/rules.schema.json.
"""

from datetime import time, timedelta
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema

from monitors.feeds.feed import Feed, FullText
from monitors.language.refusals import MAX_BETWEEN
from monitors.polling.manners import Manners
from monitors.rules import values
from monitors.rules.places import addressing
from monitors.rules.rulebook import FAST, Partial, Preview, Priority, Stories
from monitors.rules.shape import (
    LIST,
    Address,
    Name,
    Names,
    Shape,
    Spellings,
    Text,
    Texts,
    Whole,
    YesOrNo,
    pattern,
)
from monitors.rules.values import Wrong
from monitors.terms.entity import USUAL_WITHIN
from monitors.times import duration_text

_ADDRESSES = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 1,
    "maxItems": addressing.MOST_ADDRESSES,
}
_DURATION = r"\d+ ?[smhdw]"
_RANGE = rf"{_DURATION} ?[-\u2013\u2014] ?{_DURATION}"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d"
_BREAK_OUT = {
    "anyOf": [
        {
            "type": "integer",
            "minimum": values.FEWEST_OUTLETS,
            "maximum": values.MOST_OUTLETS,
        },
        {"type": "string", "enum": [FAST]},
    ]
}
_BREAK_OUTS = {
    "type": "array",
    "items": _BREAK_OUT,
    "minItems": 1,
    "maxItems": values.MOST_BREAK_OUTS + 1,
    "uniqueItems": True,
}
_DIGEST = {"type": "string", "pattern": f"^({_CLOCK})$"}
_DIGESTS = {
    "type": "array",
    "items": _DIGEST,
    "minItems": 1,
    "maxItems": values.MOST_DIGESTS,
    "uniqueItems": True,
}
_PERSON = {"type": ["integer", "string"], "pattern": r"^[1-9]\d*$", "minimum": 1}
_PEOPLE = {"type": "array", "items": _PERSON, "minItems": 1, "maxItems": values.MOST_OWNERS}
_USUAL_RANGE = "-".join(map(duration_text, (Manners().at_least, Manners().at_most)))


class FeedShape(Shape):
    """A feed: an address that is polled."""

    SHORT: ClassVar[str] = "url"
    LONG: ClassVar[str] = "Write the address of the feed."

    url: Address = Field(
        description="Address of the feed (http or https), or path of a file beside rules.yaml.",
        examples=["https://example.org/rss.xml"],
    )
    name: Name | None = Field(
        default=None, description="What to call it; by default the feed's title."
    )
    tags: Texts = Field(default=(), description="What rules select it by, as in feeds: [tag:asia].")
    every: Annotated[
        timedelta | tuple[timedelta, timedelta] | None,
        BeforeValidator(values.every),
        pattern(f"auto|{_DURATION}|{_RANGE}"),
    ] = Field(
        default=None,
        description="Time between two polls, at least 1m; auto adapts to how the feed publishes,"
        " and so does a range such as 2m-1h, no sooner and no later than it says.",
        json_schema_extra={"default": "auto", "examples": ["auto", "5m", "2m-1h"]},
    )
    catch_up: Annotated[
        timedelta | None, BeforeValidator(values.catch_up), pattern(f"none|all|{_DURATION}")
    ] = Field(
        default=Feed(address="").catch_up,
        description="Entries already there at the first poll: none, all, or how recent.",
        json_schema_extra={"default": "24h", "examples": ["none", "all", "24h"]},
    )
    full_text: Annotated[FullText, BeforeValidator(values.one_of(FullText))] = Field(
        default=FullText.AUTO,
        description="When an article's page is fetched: auto (when a rule holds in part on what"
        " the feed gave), always or never.",
    )


class PollingShape(Shape):
    """How all feeds are polled."""

    LONG: ClassVar[str] = "Write every:, requests_per_day:, pages_per_day: or hosts:."

    every: Annotated[
        tuple[timedelta, timedelta] | None, BeforeValidator(values.range_of_polls), pattern(_RANGE)
    ] = Field(
        default=None,
        description="Shortest and longest time between two polls of a feed with every: auto.",
        json_schema_extra={"default": _USUAL_RANGE, "examples": ["2m-1h"]},
    )
    requests_per_day: Whole | None = Field(
        default=None,
        description="Polls of all feeds together; by default, what the delay of posts is worth.",
        examples=[2000],
    )
    pages_per_day: Whole = Field(
        default=Manners().pages_a_day, description="Pages of articles that are fetched."
    )
    hosts: Annotated[
        dict[
            str,
            Annotated[timedelta, BeforeValidator(values.host_gap), pattern(_DURATION)],
        ],
        BeforeValidator(values.by_name),
    ] = Field(
        default={},
        description="Least time between two requests to a host, and to those below it.",
        examples=[{"reddit.com": "60s"}],
    )


class EntityShape(Shape):
    """An entity: a named thing with its aliases, usable in conditions as @name."""

    SHORT: ClassVar[str] = "names"
    LONG: ClassVar[str] = "Write a list of names, as in [Pillar 2, Pillar II]."

    names: Names = Field(
        default=(),
        description='Its names, in any letter case; "@name" stands for all names of an entity.',
        examples=[["Pillar 2", "Pillar II"], ["@country.au", "@country.gb"]],
    )
    exact: Spellings = Field(
        default=(), description="Names in this very letter case only, as in ROK."
    )
    exceptions: Spellings = Field(
        default=(), alias="except", description="Longer names that are something else."
    )
    near: Names = Field(
        default=(),
        description='It counts only near one of these names; "@name" is an entity.',
        examples=[["treaty", "pact", "@nuclear"]],
    )
    within: Annotated[
        int | None,
        BeforeValidator(values.words_between),
        WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MAX_BETWEEN}),
    ] = Field(
        default=None,
        description="How many words stand between it and a name under near: at most.",
        json_schema_extra={"default": USUAL_WITHIN},
    )

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not self.names and not self.exact:
            raise Wrong("this entity has no name to look for", "Write names: [one, another].")
        if self.within is not None and not self.near:
            raise Wrong(
                "within: says nothing without near:", "Write near: and names, or delete it."
            )
        return self


class ExamplesShape(Shape):
    """Texts that `check` tries the rule on."""

    LONG: ClassVar[str] = "Write match: and ignore:, each with a list of texts."

    match: Texts = Field(default=(), description="Texts that must match.")
    ignore: Texts = Field(default=(), description="Texts that must not match.")


class RuleShape(Shape):
    """A rule: a condition, and where its alerts go."""

    LONG: ClassVar[str] = "Write match: and the words to look for."

    name: Name | None = Field(
        default=None, description="What to call it; by default the condition."
    )
    match: Text = Field(
        description="The condition: words, phrases in quotation marks, @entities, AND, OR, NOT.",
        examples=["AUKUS AND @pillar-2"],
    )
    feeds: Texts | None = Field(
        default=None,
        description="Feeds that it watches: tag:name, a feed's name or address; default: all.",
    )
    send_to: Texts | None = Field(default=None, description="Names of chats; default: all.")
    priority: Annotated[Priority, BeforeValidator(values.one_of(Priority))] = Field(
        default=Priority.NORMAL, description="high ignores quiet hours and digests."
    )
    partial: Annotated[Partial, BeforeValidator(values.one_of(Partial))] = Field(
        default=Partial.KEEP,
        description="What becomes of it where it holds in part and the article's page cannot be"
        " read: keep (alerts --partial lists it) or alert (the chats are told so).",
    )
    break_out: Annotated[
        tuple[Annotated[int | str, BeforeValidator(values.break_out)], ...],
        BeforeValidator(values.break_outs),
        AfterValidator(values.each_once),
        WithJsonSchema({"anyOf": [_BREAK_OUT, _BREAK_OUTS]}),
    ] = Field(
        default=(),
        description="When a story that a chat was told of rings again: as soon as so many outlets"
        " report it, or fast (unusually many of its outlets within an hour), or a list of these.",
        examples=[10, FAST, [5, 20, FAST]],
    )
    paused: YesOrNo = Field(
        default=False,
        description="true: nothing is looked for and nobody is told, until it goes on.",
    )
    examples: ExamplesShape = Field(
        default=ExamplesShape(), description="Texts that `check` tries the rule on."
    )


class ChatShape(Shape):
    """A chat: the terminal, a place in Telegram or one that Apprise reaches, and its manners."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [key]} for key in ("terminal", "telegram", "apprise")]
        }
    )
    LONG: ClassVar[str] = (
        "Write terminal: true, telegram: and the number of the chat, or apprise: and an address."
    )

    terminal: YesOrNo = Field(
        default=False, description="true: the terminal that Newsbell runs in."
    )
    telegram: Annotated[
        str | None,
        BeforeValidator(values.telegram),
        WithJsonSchema({"type": ["integer", "string"], "pattern": r"^(@\w+|-?\d+)$"}),
    ] = Field(
        default=None,
        description="Number of the Telegram chat, or @name of a public channel.",
        examples=[-1001234567890, "@channel"],
    )
    topic: Whole | None = Field(default=None, description="Number of the topic in a forum.")
    apprise: Annotated[
        tuple[Annotated[Text, AfterValidator(addressing.address)], ...],
        BeforeValidator(values.texts),
        AfterValidator(addressing.some),
        WithJsonSchema({"anyOf": [{"type": "string"}, _ADDRESSES]}),
    ] = Field(
        default=(),
        description="Address of a service that Apprise knows (mail, Slack, Matrix, ntfy, a webhook"
        " and many more), or a list of them; env:NAME or file:path where it is kept elsewhere.",
        examples=["mailto://name:password@example.org", "env:MAIL_URL"],
    )
    quiet_hours: Annotated[
        tuple[time, time] | None,
        BeforeValidator(values.quiet_hours),
        pattern(f"{_CLOCK} ?[-\u2013\u2014] ?{_CLOCK}"),
    ] = Field(
        default=None,
        description="When nothing rings; may pass midnight.",
        examples=["22:00-07:00"],
    )
    timezone: Annotated[
        ZoneInfo | None, BeforeValidator(values.timezone), WithJsonSchema({"type": "string"})
    ] = Field(
        default=None,
        description="IANA timezone of the hours; by default the machine's.",
        examples=["Asia/Seoul"],
    )
    digest: Annotated[
        tuple[Annotated[time, BeforeValidator(values.clock_time)], ...],
        BeforeValidator(values.up_to(values.MOST_DIGESTS, "times")),
        AfterValidator(values.in_order),
        WithJsonSchema({"anyOf": [_DIGEST, _DIGESTS]}),
    ] = Field(
        default=(),
        description="When to send what was held back: a time, or several.",
        examples=["08:00", ["08:00", "18:00"]],
    )
    max_per_hour: Whole | None = Field(
        default=None, description="Alerts in an hour; more are held back.", examples=[30]
    )
    stories: Annotated[Stories, BeforeValidator(values.one_of(Stories))] = Field(
        default=Stories.NORMAL,
        description="What shares a message: strict (only reports that are certainly of one event;"
        " every other one rings), normal (surely of one event) or loose (also likely of one).",
    )
    preview: Annotated[Preview, BeforeValidator(values.one_of(Preview))] = Field(
        default=Preview.OFF,
        description="How Telegram shows what the headline's link leads to: off, small or large.",
    )
    silent: YesOrNo = Field(default=False, description="true: messages arrive without a sound.")
    owners: Annotated[
        tuple[Annotated[str, BeforeValidator(values.person)], ...],
        BeforeValidator(values.up_to(values.MOST_OWNERS, "owners")),
        WithJsonSchema({"anyOf": [_PERSON, _PEOPLE]}),
    ] = Field(
        default=(),
        description="Numbers of Telegram users who may change, in the chat, the rules that send to"
        " this chat only.",
        examples=[[123456789]],
    )

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        places = {
            "terminal": self.terminal,
            "telegram": self.telegram is not None,
            "apprise": bool(self.apprise),
        }
        addressing.in_one_place(places, self.topic, self.LONG)
        return self


class FileShape(Shape):
    """The rules of Newsbell: what it reads, looks for and tells whom."""

    feeds: tuple[FeedShape, ...] = Field(default=(), description="What is polled.")
    polling: PollingShape | None = Field(default=None, description="How all feeds are polled.")
    entities: dict[str, EntityShape] = Field(default={}, description="Named things, by name.")
    rules: tuple[RuleShape, ...] = Field(default=(), description="What to look for.")
    chats: dict[str, ChatShape] = Field(
        default={}, description="Where alerts go, by name; default: the terminal, as screen."
    )


class _Untitled(GenerateJsonSchema):
    """Leaves out titles of keys, which only repeat them."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's
        return False


def json_schema() -> dict[str, Any]:
    """Answer the JSON Schema of rules.yaml, with short forms, defaults and descriptions."""
    schema = FileShape.model_json_schema(schema_generator=_Untitled)
    for shape in schema["$defs"].values():
        del shape["title"]
        for key in shape.get("properties", {}).values():
            if key.get("default", "none") is None:
                del key["default"]
    sections = schema["properties"]
    del sections["polling"]["default"]
    for section in sections.values():
        if "type" in section:
            section["type"] = [section["type"], "null"]  # an empty one is as good as none
    short_feed = {"type": "string", "description": FeedShape.model_fields["url"].description}
    sections["feeds"]["items"] = {"anyOf": [short_feed, sections["feeds"]["items"]]}
    entities = [{"type": "string"}, LIST, sections["entities"]["additionalProperties"]]
    sections["entities"]["additionalProperties"] = {"anyOf": entities}
    top = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "rules.yaml of Newsbell"}
    return {**schema, **top}
