from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel


def streams():
    app = FastAPI(title="streams")

    class Item(BaseModel):
        id: int
        name: str

    @app.get("/items")
    def items(n: Annotated[int, Query(ge=0)] = 3) -> Iterable[Item]:
        for i in range(1, n + 1):
            yield Item(id=i, name=f"item {i}")

    @app.get("/numbers")
    def numbers() -> Iterable[int]:
        yield from range(3)

    def item_events() -> Iterable[Item]:
        yield Item(id=1, name="pen")
        yield Item(id=2, name="two\nlines")
    app.get("/item-events", response_class=EventSourceResponse)(item_events)
    app.post("/item-events", response_class=EventSourceResponse)(item_events)

    @app.get("/all-fields", response_class=EventSourceResponse)
    def all_fields() -> Iterable[ServerSentEvent]:
        yield ServerSentEvent(data=Item(id=1, name="pen"), event="item", id="7", retry=500, comment="a note")

    @app.get("/raw-lines", response_class=EventSourceResponse)
    def raw_lines() -> Iterable[ServerSentEvent]:
        yield ServerSentEvent(raw_data="one\ntwo\r\nthree\rfour")

    @app.get("/texts", response_class=EventSourceResponse)
    def texts() -> Iterable[ServerSentEvent]:
        yield ServerSentEvent(data="hello")
        yield ServerSentEvent(data=1.5)
        yield ServerSentEvent(raw_data="")
        yield ServerSentEvent(comment="first\nsecond")
        yield ServerSentEvent(event="only")

    @app.get("/last-id", response_class=EventSourceResponse)
    def last_id(last_event_id: Annotated[str | None, Header()] = None) -> Iterable[ServerSentEvent]:
        yield ServerSentEvent(data=last_event_id or "none", id="8")

    @app.get("/lists")
    def lists() -> Iterable[list[float | None]]:
        yield [1.5, None]
        yield []

    @app.get("/words")
    def words() -> Iterable[str]:
        yield "a \"quoted\" é"
        yield "two\nlines"

    @app.post("/posted")
    def posted(item: Item) -> Iterable[Item]:
        yield item
        yield Item(id=item.id + 1, name=item.name)

    def needs_pass(x_pass: Annotated[str | None, Header()] = None):
        if x_pass is None:
            raise HTTPException(403, "No pass")
        return x_pass

    @app.get("/guarded", response_class=EventSourceResponse)
    def guarded(x_pass: Annotated[str, Depends(needs_pass)]) -> Iterable[ServerSentEvent]:
        yield ServerSentEvent(data=x_pass, event="é", comment="")
        yield ServerSentEvent(data=None, raw_data="null", retry=0)
    return app
