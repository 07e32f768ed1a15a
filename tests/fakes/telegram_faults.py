"""Calls that the fake Telegram recorded, and the faults that a test has ordered for them."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fault(Enum):
    """What goes wrong with a call; the name says whether the call was carried out."""

    RATE_LIMIT = (
        "429 with retry_after; nothing is carried out, and the chat is held until it is over"
    )
    SERVER_ERROR = "500 in Telegram's JSON; nothing is carried out"
    BAD_GATEWAY = "502 as a page of the gateway; nothing is carried out"
    GATEWAY_401 = "401 as a page of the gateway, not Telegram's JSON; nothing is carried out"
    GATEWAY_404 = "404 as a page of the gateway, not Telegram's JSON; nothing is carried out"
    DROP_BEFORE = "the connection is closed; nothing is carried out"
    DROP_AFTER = "carried out, then the connection is closed without an answer"
    HANG_BEFORE = "nothing is carried out and nothing is answered"
    HANG_AFTER = "carried out, and nothing is answered"
    SLOW = "carried out, the answer comes late"
    TRUNCATED_JSON = "carried out, half of the answer arrives as a whole body"
    GATEWAY_504 = "carried out, 504 as a page of a gateway that did not wait for the answer"
    HTML_BODY = "carried out, 200 with a page instead of JSON"
    DOWN = "the whole service is down; nothing is carried out (ordered by `down()`)"


CARRIED_OUT = frozenset(
    {
        Fault.DROP_AFTER,
        Fault.HANG_AFTER,
        Fault.SLOW,
        Fault.TRUNCATED_JSON,
        Fault.GATEWAY_504,
        Fault.HTML_BODY,
    }
)


@dataclass(slots=True)
class Call:
    """One call of a method. `status` is None while it runs, and stays so without an answer."""

    number: int
    at: float
    method: str
    params: dict[str, Any]
    chat_id: int | None = None
    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    early: bool = False
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether the answer was the wanted one."""
        return self.status == 200 and not self.description

    def __str__(self) -> str:
        outcome = f"{self.status or 'no answer'} {self.description}".rstrip()
        broken = f" [{self.fault.name}]" if self.fault else ""
        early = " EARLY" if self.early else ""
        text = str(self.params.get("text", ""))[:60]
        asked = f"{self.number:4} {self.at:.3f} {self.method} chat={self.chat_id} {text!r}"
        return f"{asked} -> {outcome}{broken}{early}"


@dataclass(slots=True)
class Order:
    """A fault for the `nth` matching call and the `times - 1` after it."""

    fault: Fault
    method: str
    chat_id: int | None
    nth: int
    times: float
    seconds: float | None
    retry_after: int
    seen: int = field(default=0, init=False)

    def meets(self, call: Call) -> bool:
        """Count this call, and say whether it is one to break."""
        if self.method.lower() not in {"*", call.method.lower()}:
            return False
        if self.chat_id is not None and self.chat_id != call.chat_id:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Traffic:
    """The calls that came, and the faults that are ordered for those to come."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.orders: list[Order] = []
        self.down = False

    def begin(self, method: str, params: dict[str, Any], chat_id: int | None, at: float) -> Call:
        """Record a call that has arrived."""
        call = Call(len(self.calls) + 1, at, method, params, chat_id)
        self.calls.append(call)
        return call

    def order_for(self, call: Call) -> Order | None:
        """The first order that this call meets; every order counts it."""
        met = [order for order in self.orders if order.meets(call)]
        if met:
            call.fault = met[0].fault
        return met[0] if met else None
