"""What keys and values in rules.yaml have in common, and the simplest values."""

from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo

from monitors.rules import values
from monitors.rules.values import Wrong

TEXT = {"type": ["string", "integer"]}
LIST = {"type": "array", "items": TEXT}

Text = Annotated[str, BeforeValidator(values.text), WithJsonSchema(TEXT)]
Name = Annotated[Text, AfterValidator(values.one_line), WithJsonSchema(TEXT)]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(values.texts),
    WithJsonSchema({"anyOf": [TEXT, LIST]}),
]
Names = Annotated[
    tuple[Annotated[Text, AfterValidator(values.findable)], ...],
    BeforeValidator(values.texts),
    WithJsonSchema({"anyOf": [TEXT, LIST]}),
]
Spellings = Annotated[
    tuple[Annotated[Text, AfterValidator(values.spelled_out)], ...],
    BeforeValidator(values.texts),
    WithJsonSchema({"anyOf": [TEXT, LIST]}),
]
Address = Annotated[Text, AfterValidator(values.address), WithJsonSchema({"type": "string"})]
YesOrNo = Annotated[bool, BeforeValidator(values.yes_or_no)]
Whole = Annotated[
    int, BeforeValidator(values.whole), WithJsonSchema({"type": "integer", "minimum": 1})
]


def pattern(form: str) -> WithJsonSchema:
    """Answer how editors check a text that has to be of a *form*."""
    return WithJsonSchema({"type": "string", "pattern": f"^({form})$"})


class Shape(BaseModel):
    """Keys and values. A key without a value counts as not written; some have a short form."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    SHORT: ClassVar[str] = ""
    LONG: ClassVar[str] = "Write key: value."

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: object) -> object:
        if cls.SHORT and isinstance(data, str | list):
            data = {cls.SHORT: data}
        if not isinstance(data, dict):
            raise Wrong("keys and their values belong here", cls.LONG)
        fields = cls._fields()
        return {
            key: value
            for key, value in data.items()
            if value is not None or key not in fields or fields[key].is_required()
        }

    @classmethod
    def _fields(cls) -> dict[str, FieldInfo]:
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        """Answer its keys as they are written in the file."""
        return tuple(cls._fields())
