from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException


def lifetimes():
    app = FastAPI(title="lifetimes")
    log = []

    def resource(name, breaks=False):
        log.append("make " + name)
        try:
            yield name
        except Exception:
            log.append("roll back " + name)
            raise
        log.append("commit " + name)
        if breaks:
            raise HTTPException(503, "No commit")

    def before_the_response(dependency, use_cache=True):
        return Annotated[str, Depends(dependency, scope="function", use_cache=use_cache)]

    def outer():
        yield from resource("outer")
    Outer = before_the_response(outer)

    def inner(_: Outer):
        yield from resource("inner")
    Inner = before_the_response(inner)

    def breaking(_: Outer):
        yield from resource("breaking", True)

    def after_the_response():
        log.append("make closed")
        try:
            yield
        finally:
            log.append("close closed")

    def closed(_: Annotated[None, Depends(after_the_response)]):
        try:
            yield
        except Exception:
            log.append("roll back closed")
            raise
        log.append("commit closed")

    def refusing(_: Outer):
        raise HTTPException(403, "No pass")

    @app.get("/log")
    def read_log():
        lines = log[:]
        log.clear()
        return lines

    @app.get("/good")
    def good(_: Inner):
        log.append("handle")
        return 1

    @app.get("/shared")
    def shared(a: Inner, b: Outer):
        return 1

    @app.get("/apart")
    def apart(a: Outer, b: before_the_response(outer, use_cache=False)):
        return 1

    @app.get("/refused")
    def refused(_: Inner):
        raise HTTPException(409, "No")

    @app.get("/broken")
    def broken(_: Inner):
        raise RuntimeError("no")

    @app.get("/fault")
    def fault(_: Inner, n: int):
        return n

    @app.get("/no-commit")
    def no_commit(_: before_the_response(breaking)):
        return 1

    @app.get("/no-pass")
    def no_pass(_: before_the_response(refusing)):
        return 1

    @app.get("/closed")
    def closes(a: before_the_response(closed), b: Inner):
        return 1

    @app.get("/beside", dependencies=[Depends(inner, scope="function")])
    def beside():
        return 1
    return app
