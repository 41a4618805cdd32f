import datetime
import decimal
import uuid
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from pydantic import BaseModel, Field, SecretStr

from .common import names


def responses():
    app = FastAPI(title="responses")
    Size = names("Size", "small", "large")

    class Item(BaseModel):
        id: int
        name: str
        price: float
        note: str | None = None

    class Aliased(BaseModel):
        full_name: str = Field(alias="fullName")

    class Various(BaseModel):
        id: uuid.UUID
        at: datetime.datetime
        day: datetime.date
        price: decimal.Decimal
        secret: SecretStr
        size: Size
        counts: dict[str, int]
        any: Any

    pen = Item(id=1, name="pen", price=1.5)

    def answers(path, of, value):
        def handler() -> of:
            return value
        app.get(path)(handler)

    answers("/model", Item, pen)
    answers("/list", list[Item], [Item(id=1, name="pen", price=1), Item(id=2, name="ink", price=0.1, note="blue")])
    answers("/empty-list", list[Item], [])
    answers("/map", dict[str, int], {"a": 1, "b": 2})
    answers("/text", str, "a \"quoted\" é \n \x01 \U0001F600 /")
    answers("/int", int, 42)
    answers("/float", list[float], [1.0, 0.1, 1e21, 1e-7, 100.0, 123456789.125, -0.0, 5e-324])
    answers("/bool", bool, True)
    answers("/nothing", None, None)
    answers("/big", list[int], [2**63 - 1, -2**63])
    answers("/aliased", Aliased, Aliased(fullName="Ada L"))
    answers("/various", Various, Various(
        id="123E4567-E89B-12D3-A456-426614174000", at="2026-01-02T03:04:05.250Z", day="2026-01-02",
        price="19.90", secret="hunter2", size=Size.large, counts={"x": 1}, any={"k": [1, None]}))

    @app.post("/created", status_code=201)
    def created() -> Item:
        return pen

    @app.post("/accepted", status_code=202)
    def accepted() -> Item:
        return Item(id=1, name="pen", price=1.5, note="x")

    @app.post("/status-code", status_code=201)
    def status_code() -> int:
        return 1

    @app.delete("/no-content", status_code=204)
    def no_content():
        return None

    @app.get("/redirect")
    def redirect():
        return RedirectResponse("/model")

    @app.get("/redirect-303")
    def redirect_303():
        return RedirectResponse("/model?a=b c", 303)

    @app.get("/html", response_class=HTMLResponse)
    def html():
        return HTMLResponse("<h1>Hi</h1>")

    @app.get("/plain", response_class=PlainTextResponse)
    def plain():
        return PlainTextResponse("Hi é")

    @app.get("/raw")
    def raw():
        return Response("<a/>", 202, media_type="application/xml")

    @app.get("/headers")
    def headers(response: Response) -> int:
        response.headers["X-One"] = "1"
        response.status_code = 202
        return 1

    @app.get("/cookie")
    def cookie(response: Response) -> int:
        response.set_cookie("theme", "dark")
        return 1

    @app.get("/stream")
    def stream():
        return StreamingResponse((f"{i}\n" for i in range(3)), media_type="text/plain")
    return app
