from typing import Annotated

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, Field


def documents():
    class Order(BaseModel):
        callback_url: str
        amount: Annotated[int, Field(gt=0)]

    class Receipt(BaseModel):
        id: int

    class Paid(BaseModel):
        id: int
        paid: bool

    class Answer(BaseModel):
        ok: bool

    class Note(BaseModel):
        text: str | None = Field(None, description="Or nothing")
        level: Annotated[int, Field(gt=0, lt=10)] = 1

    app = FastAPI(
        title="documents", summary="In short", description="At **length**", version="2.1",
        terms_of_service="https://example.com/terms",
        contact={"name": "Us", "url": "https://example.com/us", "email": "us@example.com"},
        license_info={"name": "MIT", "identifier": "MIT"},
        openapi_tags=[{"name": "zoo", "description": "Comes first"},
                      {"name": "orders", "description": "To order",
                       "externalDocs": {"url": "https://example.com/orders", "description": "More"}}],
        servers=[{"url": "https://example.com", "description": "The one"}, {"url": "/v1"}],
        openapi_external_docs={"url": "https://example.com/docs", "description": "All"})

    @app.webhooks.post("order-paid", summary="An order was paid")
    def order_paid(paid: Paid) -> Answer:
        pass

    callbacks = APIRouter()

    @callbacks.post("{$request.body#/callback_url}", name="paid", summary="It was paid")
    def paid(paid: Paid) -> Answer:
        pass

    @app.post("/orders", summary="Order something", description="Shown.\fNot shown.", tags=["orders"],
              operation_id="order", response_description="Ordered", deprecated=True, status_code=201,
              callbacks=callbacks.routes,
              responses={201: {"links": {"Read": {"operationId": "read_order",
                                                  "parameters": {"id": "$response.body#/id"},
                                                  "description": "What was ordered"}}}})
    def order(order: Order) -> Receipt:
        return Receipt(id=1)

    @app.get("/v1/orders/{id}", tags=["orders"], operation_id="read_order",
             openapi_extra={"x-internal": True, "tags": ["more"],
                            "responses": {"200": {"description": "The receipt"}}})
    def read_order(id: int) -> Receipt:
        return Receipt(id=id)

    @app.get("/hidden", include_in_schema=False)
    def hidden() -> int:
        return 1

    @app.put("/notes", tags=["zoo"], responses={404: {"model": Answer, "description": "No such note"}, 409: {},
                                                304: {"description": "As it was"}})
    def notes(note: Note) -> Note:
        return note
    return app
