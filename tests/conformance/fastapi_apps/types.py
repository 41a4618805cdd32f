import datetime
import decimal
import enum
import typing
import uuid
from typing import Annotated, Any, Union

from fastapi import Body, FastAPI, Query
from pydantic import (AwareDatetime, EmailStr, Field, FutureDate, FutureDatetime, NaiveDatetime, PastDate,
                      PastDatetime, SecretStr)

from .common import names


def typed(app, path, of):
    def body(value: Annotated[of, Body()]) -> of:
        return value

    def query(v: Annotated[of, Query()]) -> of:
        return v
    app.post(path)(body)
    if typing.get_origin(of) is not dict and of is not Any:
        app.get(path)(query)


def types():
    app = FastAPI(title="types")
    color = names("Color", "red", "green", "blue")
    for path, of in {
        "/int": int, "/float": float, "/bool": bool, "/str": str, "/uuid": uuid.UUID,
        "/datetime": AwareDatetime, "/date": datetime.date, "/decimal": decimal.Decimal,
        "/naive": NaiveDatetime, "/time": datetime.time, "/duration": datetime.timedelta,
        "/past-date": PastDate, "/future-date": FutureDate, "/past": PastDatetime, "/future": FutureDatetime,
        "/level": enum.IntEnum("Level", {"low": 1, "high": 10}),
        "/email": EmailStr, "/secret": SecretStr, "/color": color, "/single": names("Single", "only"),
        "/int-list": list[int], "/str-list": list[str], "/int-set": set[int],
        "/int-map": dict[str, int], "/color-map": dict[str, list[color]], "/any": Any,
        "/int-or-str": Union[int, str], "/int-or-bool": Union[int, bool],
        "/open-range": Annotated[int, Field(gt=0, lt=10)], "/range": Annotated[int, Field(ge=1, le=10)],
        "/float-range": Annotated[float, Field(gt=0.5, le=10.5)],
        "/fives": Annotated[int, Field(multiple_of=5)], "/halves": Annotated[float, Field(multiple_of=0.5)],
        "/short": Annotated[str, Field(min_length=2, max_length=4)],
        "/char": Annotated[str, Field(min_length=1, max_length=1)],
        "/lower": Annotated[str, Field(pattern="^[a-z]+$")],
        "/price": Annotated[decimal.Decimal, Field(max_digits=5, decimal_places=2)],
        "/percent": Annotated[decimal.Decimal, Field(gt=0, le=100)],
        "/few": Annotated[list[int], Field(min_length=1, max_length=3)],
        "/few-different": Annotated[set[int], Field(min_length=2, max_length=3)],
    }.items():
        typed(app, path, of)
    for path, of in {
        "/int-lists": list[list[int]],
        "/int-keys": dict[int, str], "/color-keys": dict[color, int], "/pair": tuple[int, str],
        "/triple": Annotated[list[int], Field(min_length=3, max_length=3)],
        "/small-map": Annotated[dict[str, int], Field(min_length=1, max_length=2)],
        "/strict-int": Annotated[int, Field(strict=True)],
        "/strict-float": Annotated[float, Field(strict=True)],
        "/strict-bool": Annotated[bool, Field(strict=True)],
        "/strict-str": Annotated[str, Field(strict=True)],
        "/words": list[Annotated[str, Field(min_length=2)]],
    }.items():
        def body(value: Annotated[of, Body()]) -> of:
            return value
        app.post(path)(body)
    return app
