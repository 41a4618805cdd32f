from typing import Annotated

from fastapi import FastAPI, Form, UploadFile
from pydantic import BaseModel, Field

from .common import Forbidding


def forms():
    app = FastAPI(title="forms")

    class LogIn(Forbidding):
        username: str = Field(min_length=3)
        password: str
        remember: bool = False

    class Profile(BaseModel):
        name: str
        age: int | None = None
        tags: list[str] = []

    @app.post("/fields")
    def fields(name: Annotated[str, Form()], age: Annotated[int, Form(ge=0)]):
        return [name, str(age)]

    @app.post("/optional")
    def optional(name: Annotated[str | None, Form()] = None):
        return name or "nobody"

    @app.post("/default")
    def default(name: Annotated[str, Form()] = "someone"):
        return name

    @app.post("/list")
    def numbers(n: Annotated[list[int], Form()]):
        return n

    @app.post("/login")
    def login(form: Annotated[LogIn, Form()]):
        return form

    @app.post("/profile")
    def profile(form: Annotated[Profile, Form()]):
        return form

    @app.post("/file")
    async def file(file: UploadFile):
        return {"filename": file.filename, "content_type": file.content_type or "",
                "data": (await file.read()).decode()}

    @app.post("/maybe-file")
    def maybe(file: UploadFile | None = None):
        return file.filename if file else "none"

    @app.post("/files")
    def files(files: list[UploadFile], note: Annotated[str, Form()]):
        return {"names": [file.filename for file in files], "note": note}

    @app.post("/with/{id}")
    def with_id(id: int, q: int, n: Annotated[int, Form()]):
        return id + q + n
    return app
