import uuid
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Request, Response


def routing():
    app = FastAPI(title="routing")

    def says(method, path, text):
        def handler() -> str:
            return text
        app.api_route(path, methods=[method])(handler)

    says("GET", "/users/me", "me")

    @app.get("/users/{id}")
    def user(id: str):
        return f"user {id}"

    @app.delete("/users/{id}")
    def delete_user(id: str):
        return f"deleted {id}"

    for method, path, text in [
        ("GET", "/items", "items"), ("POST", "/items", "posted"), ("GET", "/slash/", "slash"),
        ("POST", "/slash/", "posted"), ("PUT", "/methods", "put"), ("PATCH", "/methods", "patch"),
        ("OPTIONS", "/methods", "options"),
    ]:
        says(method, path, text)

    @app.head("/only-head")
    def only_head(response: Response):
        response.headers["X-Head"] = "yes"

    def part(path, name, of, **options):
        def handler(request: Request, v: Annotated[of, Path(alias=name)]):
            return v
        app.get(path, **options)(handler)

    part("/n/{n:int}", "n", int)
    part("/n/{text}", "text", str, include_in_schema=False)
    part("/f/{x:float}", "x", float)
    part("/u/{id:uuid}", "id", uuid.UUID)
    part("/files/{name:path}", "name", str)

    @app.get("/v{version}/{name}.json")
    def version(version: int, name: str):
        return f"{name}{version}"

    @app.get("/case/Sensitive")
    def sensitive():
        return 1

    posts = APIRouter(prefix="/posts", tags=["posts"])

    @posts.get("")
    def all_posts():
        return "posts"

    @posts.get("/{id}")
    def post(id: int):
        return id

    people = APIRouter(prefix="/people/{person}")

    @people.get("/name")
    def name(person: str):
        return person
    people.include_router(posts)
    app.include_router(people, prefix="/api")
    app.include_router(posts, prefix="/v1")
    app.include_router(posts, prefix="/v2")
    return app
