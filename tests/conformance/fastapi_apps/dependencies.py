from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Header, Query, Request, Response


def dependencies():
    app = FastAPI(title="dependencies")

    def common(q: str | None = None, skip: Annotated[int, Query(ge=0)] = 0):
        return {"q": q, "skip": skip}

    def tenant(x_tenant: Annotated[str, Header(max_length=5)]):
        return x_tenant

    def named_tenant(tenant: Annotated[str, Depends(tenant)], number: int):
        return f"{tenant}-{number}"

    def needs_pass(x_pass: Annotated[str | None, Header()] = None):
        if x_pass is None:
            raise HTTPException(403, "No pass")

    async def later():
        return 42

    def counted(request: Request):
        request.state.count = getattr(request.state, "count", 0) + 1
        return request.state.count

    def from_path(id: int):
        return id

    def sets_header(response: Response):
        response.headers["X-Dependency"] = "yes"

    def answers(path, of, **options):
        def handler(value: of):
            return value
        app.get(path, **options)(handler)

    answers("/common", Annotated[dict, Depends(common)])
    answers("/tenant", Annotated[str, Depends(tenant)])
    answers("/nested", Annotated[str, Depends(named_tenant)])
    answers("/later", Annotated[int, Depends(later)])

    @app.get("/twice")
    def twice(a: Annotated[int, Depends(counted)], b: Annotated[int, Depends(counted)]):
        return [a, b]

    @app.get("/uncached")
    def uncached(a: Annotated[int, Depends(counted, use_cache=False)],
                 b: Annotated[int, Depends(counted, use_cache=False)]):
        return [a, b]

    @app.get("/path/{id}")
    def path(id: int, same: Annotated[int, Depends(from_path)]):
        return id == same

    @app.get("/header")
    def header(_: Annotated[None, Depends(sets_header)]):
        return 1

    @app.get("/guarded", dependencies=[Depends(needs_pass)])
    def guarded():
        return 1

    @app.get("/guarded-query", dependencies=[Depends(needs_pass)])
    def guarded_query(n: int):
        return n

    @app.get("/order")
    def order(last: int, name: Annotated[str, Depends(named_tenant)], _: Annotated[dict, Depends(common)]):
        return f"{name}{last}"

    router = APIRouter(prefix="/router", dependencies=[Depends(tenant)])

    @router.get("/x")
    def router_x():
        return 1

    @router.get("/y", dependencies=[Depends(needs_pass)])
    def router_y(n: int):
        return n
    app.include_router(router)
    return app
