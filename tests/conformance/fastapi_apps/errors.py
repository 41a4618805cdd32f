import typing
from typing import Annotated

from fastapi import Cookie, FastAPI, HTTPException, Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel


class OutOfStock(Exception):
    pass


class OutOfPens(OutOfStock):
    pass


def errors():
    app = FastAPI(title="errors")

    class Ten(BaseModel):
        a: int
        b: int
        c: int
        list: typing.List[int] = []

    @app.exception_handler(OutOfStock)
    def out_of_stock(request, error):
        return JSONResponse({"item": str(error)}, 409)

    @app.get("/http/{status}")
    def http(status: int):
        raise HTTPException(status, "It is so")

    @app.get("/http-phrase/{status}")
    def http_phrase(status: int):
        raise HTTPException(status)

    @app.get("/http-json")
    def http_json():
        raise HTTPException(400, {"why": [1, "two", None], "where": "here"})

    @app.get("/http-headers")
    def http_headers():
        raise HTTPException(401, "Who?", {"WWW-Authenticate": "Bearer", "X-Reason": "none"})

    @app.get("/stock")
    def stock():
        raise OutOfStock("pen")

    @app.get("/pens")
    def pens():
        raise OutOfPens("red pen")

    @app.get("/unforeseen")
    def unforeseen():
        raise RuntimeError("the secret cause")

    @app.post("/ten/{p}")
    def ten(p: int, q: int, x_h: Annotated[int, Header()], c: Annotated[int, Cookie()], body: Ten):
        return 1

    @app.post("/list")
    def numbers(value: list[int]):
        return len(value)
    return app
