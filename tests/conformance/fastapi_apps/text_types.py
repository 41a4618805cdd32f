import ipaddress
from typing import Annotated, Literal

from fastapi import Body, FastAPI, Query
from pydantic import (UUID4, AnyUrl, Base64Bytes, Base64UrlBytes, Field, HttpUrl, IPvAnyAddress,
                      IPvAnyNetwork, NegativeFloat, NonNegativeFloat, PositiveInt, PostgresDsn, RedisDsn,
                      StringConstraints, TypeAdapter, WebsocketUrl)

from .types import typed


def once(app, path, of):
    """As `typed`, for types whose value is no valid input: FastAPI would validate the answer too."""
    def body(value: Annotated[of, Body()]):
        return TypeAdapter(of).dump_python(value, mode="json")

    def query(v: Annotated[of, Query()]):
        return TypeAdapter(of).dump_python(v, mode="json")
    app.post(path)(body)
    app.get(path)(query)


def text_types():
    app = FastAPI(title="text_types")
    for path, of in {
        "/literal": Literal["asc", "desc"], "/constant": Literal["only"],
        "/bytes": Annotated[bytes, Field(min_length=2, max_length=4)],
        "/ipv4": ipaddress.IPv4Address, "/ipv6": ipaddress.IPv6Address, "/ip": IPvAnyAddress,
        "/ipv4-network": ipaddress.IPv4Network, "/ipv6-network": ipaddress.IPv6Network,
        "/url": AnyUrl, "/http-url": HttpUrl, "/websocket-url": WebsocketUrl, "/postgres": PostgresDsn,
        "/redis": RedisDsn, "/network": IPvAnyNetwork, "/uuid4": UUID4, "/positive": PositiveInt,
        "/non-negative-float": NonNegativeFloat, "/negative-float": NegativeFloat,
        "/stripped": Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)],
        "/lower": Annotated[str, StringConstraints(to_lower=True, max_length=3)],
        "/ip-list": list[IPvAnyAddress],
    }.items():
        typed(app, path, of)
    for path, of in {
        "/base64": Base64Bytes, "/base64url": Base64UrlBytes,
        "/upper": Annotated[str, StringConstraints(to_upper=True, pattern="^[a-z]+$")],
    }.items():
        once(app, path, of)
    return app
