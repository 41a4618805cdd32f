import datetime
import decimal
import uuid
from typing import Annotated

import annotated_types as at
from fastapi import Body, FastAPI
from pydantic import AfterValidator, AwareDatetime, BaseModel, EmailStr, Field, SecretStr, model_validator

from .common import Forbidding, names


class Tree(BaseModel):
    name: str
    children: list["Tree"] = []


def bodies():
    app = FastAPI(title="bodies")
    Size = names("Size", "small", "large")

    class Item(BaseModel):
        name: Annotated[str, Field(min_length=1, max_length=20)]
        price: Annotated[float, at.Gt(0)]
        description: str | None = None
        tags: list[str] = []

    class Owner(BaseModel):
        name: str
        age: Annotated[int, at.Ge(0)] = 18

    class Image(BaseModel):
        url: Annotated[str, Field(pattern="^https?://")]
        name: str

    class Offer(BaseModel):
        title: str
        owner: Owner
        images: list[Image] = []
        named: dict[str, Image] = {}
        labels: set[str] = set()
        size: Size = Size.small

    class Strict(Forbidding):
        a: int
        b: int = 2

    class Aliased(BaseModel):
        full_name: str = Field(alias="fullName")
        lucky_numbers: list[int] = Field([], alias="luckyNumbers")

    class Interval(BaseModel):
        from_: int = Field(alias="from")
        to: int

        @model_validator(mode="after")
        def ordered(self):
            if self.from_ > self.to:
                raise ValueError("from must not be above to")
            return self

    def odd_only(value):
        if value % 2 == 0:
            raise ValueError("must be odd")
        return value

    class Odd(BaseModel):
        number: Annotated[int, AfterValidator(odd_only)]

    class Cat(BaseModel):
        lives: int

    class Dog(BaseModel):
        barks: float

    class Pets(BaseModel):
        pet: Cat | Dog
        id: int | str = 0

    class Account(BaseModel):
        id: uuid.UUID
        email: EmailStr
        password: Annotated[SecretStr, Field(min_length=8)]
        created: AwareDatetime
        birthday: datetime.date | None = None
        balance: Annotated[decimal.Decimal, Field(max_digits=6, decimal_places=2)] = decimal.Decimal(0)

    class PartialItem(BaseModel):
        name: Annotated[str, Field(min_length=1, max_length=20)] = ""
        price: Annotated[float, at.Gt(0)] = 0
        description: str | None = None
        tags: list[str] = []

    def echo(method, path, of):
        def handler(value: Annotated[of, Body()]) -> of:
            return value
        app.api_route(path, methods=[method])(handler)

    @app.put("/item/{id}")
    def put_item(id: int, item: Item, q: int) -> Item:
        return item

    @app.post("/optional")
    def optional(item: Item | None = None):
        return item is not None

    for method, path, of in [
        ("POST", "/item", Item), ("POST", "/items", list[Item]), ("POST", "/items-by-name", dict[str, Item]),
        ("POST", "/offer", Offer), ("POST", "/tree", Tree), ("POST", "/strict", Strict),
        ("POST", "/aliased", Aliased), ("POST", "/interval", Interval), ("POST", "/odd", Odd),
        ("POST", "/pets", Pets), ("POST", "/account", Account), ("DELETE", "/item", Item),
    ]:
        echo(method, path, of)

    @app.post("/embedded")
    def embedded(item: Annotated[Item, Body(embed=True)]) -> Item:
        return item

    @app.post("/several")
    def several(item: Item, owner: Owner, count: Annotated[int, Body(ge=1)] = 1):
        return {"item": item, "owner": owner, "count": count}

    @app.patch("/item")
    def patch(changes: PartialItem):
        return {"sent": [name for name in PartialItem.model_fields if name in changes.model_fields_set]}
    return app
