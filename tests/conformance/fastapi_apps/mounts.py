from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import PlainTextResponse


class OutOfStock(Exception):
    pass


def mounts():
    def needs_pass(x_pass: Annotated[str | None, Header()] = None):
        if x_pass is None:
            raise HTTPException(403, "No pass")

    app = FastAPI(title="mounts")
    admin = FastAPI(title="admin", dependencies=[Depends(needs_pass)])
    shop = FastAPI(title="shop", version="2")
    deep = FastAPI(title="deep")

    def answers(of, path, value):
        def handler() -> str:
            return value
        of.get(path)(handler)

    def out():
        raise OutOfStock

    answers(app, "/x", "outer")
    answers(app, "/shop/first", "outer")
    app.exception_handler(OutOfStock)(lambda request, error: PlainTextResponse("outer", 409))
    app.get("/out")(out)

    answers(admin, "/x", "admin")
    answers(shop, "/x", "shop")
    answers(shop, "/first", "shop")

    @shop.get("/items/{id}")
    def item(id: int) -> int:
        return id
    shop.get("/out")(out)
    answers(shop, "/", "root of the shop")
    shop.exception_handler(OutOfStock)(lambda request, error: PlainTextResponse("inner", 410))
    answers(deep, "/x", "deep")
    shop.mount("/deep", deep)
    app.mount("/shop", shop)
    app.mount("/admin", admin)
    return app
