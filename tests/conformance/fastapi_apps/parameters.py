import uuid
from typing import Annotated

import annotated_types as at
from fastapi import Cookie, FastAPI, Header, Path, Query
from pydantic import BaseModel, Field, Json

from .common import Forbidding, names


def parameters():
    app = FastAPI(title="parameters")
    Order = names("Order", "asc", "desc")

    class Page(BaseModel):
        skip: Annotated[int, at.Ge(0)] = 0
        limit: Annotated[int, at.Ge(1), at.Le(100)] = 20

    class Search(Forbidding):
        word: str = Field(min_length=2)
        least: int | None = None
        tags: list[str] = []
        order: Order = Order.asc
        token: str = Field("", alias="page-token")

    class ClientHeaders(BaseModel):
        user_agent: str
        x_depth: int | None = None
        x_tag: list[str] = []

    class Visit(BaseModel):
        session: str = Field(alias="session-id")
        count: int = 1

    for path, of in {"int": int, "small": int, "float": float, "bool": bool, "str": str, "uuid": uuid.UUID, "order": Order,
                     "range": Annotated[int, Path(ge=1, lt=5)],
                     "short": Annotated[str, Path(min_length=2, max_length=3)]}.items():
        def handler(v: of):
            return v
        app.get(f"/path/{path}/{{v}}")(handler)

    @app.get("/path/two/{a}/and/{b}")
    def two(a: int, b: int):
        return [a, b]

    @app.get("/query/optional")
    def query_optional(v: int | None = None):
        return [] if v is None else [v]

    @app.get("/query/default")
    def query_default(v: Annotated[int, Query(le=50)] = 7):
        return v

    @app.get("/query/default-str")
    def query_default_str(v: str = "fixed"):
        return v

    @app.get("/query/list-default")
    def list_default(v: Annotated[list[int], Query()] = []):
        return v

    @app.get("/query/list-bounded")
    def list_bounded(v: Annotated[list[str], Query(min_length=1, max_length=2)]):
        return v

    @app.get("/query/alias")
    def alias(v: Annotated[str, Query(alias="item-query", min_length=3)]):
        return v

    @app.get("/query/page")
    def page(page: Annotated[Page, Query()]):
        return [page.skip, page.limit]

    @app.get("/query/search")
    def search(s: Annotated[Search, Query()]):
        return s.model_dump()

    @app.get("/query/three")
    def three(a: int, b: int, c: int):
        return a + b + c

    @app.get("/header/str")
    def header_str(x_token: Annotated[str, Header()]):
        return x_token

    @app.get("/header/int")
    def header_int(x_count: Annotated[int, Header(ge=1)]):
        return x_count

    @app.get("/header/optional")
    def header_optional(x_maybe: Annotated[str | None, Header()] = None):
        return x_maybe is not None

    @app.get("/header/default")
    def header_default(x_mode: Annotated[str, Header()] = "plain"):
        return x_mode

    @app.get("/header/list")
    def header_list(x_tag: Annotated[list[str], Header()]):
        return x_tag

    @app.get("/header/model")
    def header_model(v: Annotated[ClientHeaders, Header()]):
        return v

    @app.get("/cookie/str")
    def cookie_str(session: Annotated[str, Cookie()]):
        return session

    @app.get("/cookie/int")
    def cookie_int(count: Annotated[int, Cookie()]):
        return count

    @app.get("/cookie/optional")
    def cookie_optional(maybe: Annotated[str | None, Cookie()] = None):
        return maybe is not None

    @app.get("/cookie/model")
    def cookie_model(v: Annotated[Visit, Cookie()]):
        return v.model_dump()

    class Point(BaseModel):
        x: Annotated[int, Field(ge=0)]
        y: int = 0

    @app.get("/json/point")
    def json_point(v: Annotated[Json[Point], Query()]):
        return [v.x, v.y]

    @app.get("/json/list")
    def json_list(v: Annotated[Json[list[int]], Query()]):
        return v

    @app.get("/json/header")
    def json_header(x_point: Annotated[Json[Point], Header()]):
        return x_point.x

    @app.get("/header/underscores")
    def header_underscores(x_token: Annotated[str, Header(convert_underscores=False)]):
        return x_token

    @app.get("/query/required")
    def query_required(v: int | None):
        return v is not None

    @app.get("/all/{id}")
    def everything(id: int, q: int, x_token: Annotated[str, Header()], session: Annotated[str, Cookie()]):
        return {"id": id, "q": q, "token": x_token, "session": session}
    return app
