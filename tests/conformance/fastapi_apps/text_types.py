import ipaddress
from typing import Annotated, Literal, get_origin

from fastapi import Body, FastAPI, Query
from pydantic import (UUID4, AnyUrl, Base64Bytes, Base64UrlBytes, ByteSize, Field, HttpUrl, IPvAnyAddress,
                      IPvAnyInterface, IPvAnyNetwork, NegativeFloat, NonNegativeFloat, PositiveInt,
                      PostgresDsn, RedisDsn, Secret, SecretStr, StringConstraints, TypeAdapter, WebsocketUrl)

from .common import names
from .types import typed


def once(app, path, of):
    """As `typed`, for types whose value is no valid input: FastAPI would validate the answer too."""
    def body(value: Annotated[of, Body()]):
        return TypeAdapter(of).dump_python(value, mode="json")

    def query(v: Annotated[of, Query()]):
        return TypeAdapter(of).dump_python(v, mode="json")
    app.post(path)(body)
    if get_origin(of) is not Secret:  # FastAPI takes none from a query
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
        "/ipv4-interface": ipaddress.IPv4Interface, "/ipv6-interface": ipaddress.IPv6Interface,
        "/interface": IPvAnyInterface, "/byte-size": ByteSize,
        "/small": Annotated[ByteSize, Field(ge=1, le=1024 * 1024)],
        "/literal-number": Literal[1, 2], "/literal-member": Literal[names("Direction", "up", "down").up],
    }.items():
        typed(app, path, of)
    for path, of in {
        "/base64": Base64Bytes, "/base64url": Base64UrlBytes,
        "/upper": Annotated[str, StringConstraints(to_upper=True, pattern="^[a-z]+$")],
    }.items():
        once(app, path, of)
    for path, of in {
        "/secret": Annotated[SecretStr, Field(min_length=4)],
        "/secret-number": Secret[Annotated[int, Field(gt=0)]],
    }.items():
        once(app, path, of)
    return app
