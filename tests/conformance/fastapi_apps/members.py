from typing import Annotated, Any, Generic, Literal, TypeVar, Union

from fastapi import Body, FastAPI, Query
from pydantic import (AfterValidator, AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field,
                      Strict, ValidationError, WrapValidator, computed_field, model_validator)
from pydantic.alias_generators import to_camel, to_pascal

T = TypeVar("T")


def trim(value: Any):
    if not isinstance(value, str):
        raise ValueError("a text, please")
    return value.replace(" ", "")


def no_root(value: str):
    if value == "root":
        raise ValueError("not root")
    return value


def lenient(value: Any, read):
    if value == "never":
        raise ValueError("never")
    try:
        return read(value)
    except ValidationError:
        return 5


class Box(BaseModel, Generic[T]):
    content: T
    count: Annotated[int, Field(ge=1)] = 1


class Node(BaseModel):
    value: int
    next: "Node | None" = None


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class Numbers(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]
    a: int


def members():
    app = FastAPI(title="members")

    class TwoNames(BaseModel):
        both: int = Field(validation_alias="in", serialization_alias="out")
        only_in: int = Field(1, validation_alias="onlyIn")
        only_out: int = Field(2, serialization_alias="onlyOut")

    class Camel(BaseModel):
        model_config = ConfigDict(alias_generator=to_camel)
        user_name: str
        age_in_years: int = Field(3, alias="years")

    class ByName(BaseModel):
        model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)
        user_name: str
        page_size: int = 3

    class Pascal(BaseModel):
        model_config = ConfigDict(alias_generator=to_pascal)
        user_name: str

    class Closed(BaseModel):
        model_config = ConfigDict(extra="forbid", alias_generator=to_camel)
        first_number: int

    class Hidden(BaseModel):
        name: str
        internal: int = Field(1, exclude=True)

    class Order(BaseModel):
        price: float
        count: int

        @computed_field
        @property
        def total(self) -> float:
            return self.price * self.count

    class Made(BaseModel):
        name: str = Field(default_factory=lambda: "made")
        tags: list[str] = []

    class Account(BaseModel):
        name: Annotated[str, Field(max_length=5), BeforeValidator(trim), AfterValidator(str.lower),
                        AfterValidator(no_root)]

    class Sorted(BaseModel):
        low: int
        high: int

        @model_validator(mode="after")
        def sort(self):
            if self.low == self.high:
                raise ValueError("low and high are the same")
            self.low, self.high = sorted((self.low, self.high))
            return self

    class Pair(BaseModel):
        a: int
        b: int

        @model_validator(mode="before")
        @classmethod
        def read(cls, value: Any):
            if isinstance(value, list) and len(value) == 2:
                return {"a": value[0], "b": value[1]}
            if isinstance(value, (int, float)):
                raise ValueError("a pair, please")
            return value

    class Exact(BaseModel):
        number: Annotated[int, Strict()]
        flag: Annotated[bool, Strict()] = True

    class Cat(BaseModel):
        kind: Literal["cat"]
        lives: Annotated[int, Field(ge=0)]

    class Dog(BaseModel):
        kind: Literal["dog", "puppy"]
        name: str
    Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]

    class Owner(BaseModel):
        pet: Pet

    class Parrot(BaseModel):
        kind: Literal["bird"]
        species: Literal["parrot"]
        words: list[str]

    class Penguin(BaseModel):
        kind: Literal["bird"]
        species: Literal["penguin"]
        height: Annotated[float, Field(gt=0)]
    Bird = Annotated[Union[Parrot, Penguin], Field(discriminator="species")]

    class Aviary(BaseModel):
        pet: Annotated[Union[Cat, Bird], Field(discriminator="kind")]

    class ManyNames(BaseModel):
        count: int = Field(validation_alias=AliasChoices("n", "number"))
        name: str = Field("none", validation_alias=AliasChoices(AliasPath("data", 0, "name"), "name"))

    class Lenient(BaseModel):
        digit: Annotated[int, Field(ge=0, le=9), WrapValidator(lenient)]

    class Zoo(BaseModel):
        pets: list[Pet]

    class Shelf(BaseModel):
        texts: Box[str]
        numbers: Box[list[int]]

    class Described(BaseModel):
        name: str = Field(title="The name", description="As in the passport", examples=["Ada"])
        old: int = Field(1, deprecated=True)

    class Profile(BaseModel):
        model_config = ConfigDict(serialize_by_alias=True)
        id: int = Field(alias="profileId")
        city: str = "Ulm"
        note: str | None = None

    class Search(BaseModel):
        model_config = ConfigDict(extra="forbid", alias_generator=to_camel)
        page_size: Annotated[int, Field(ge=1)] = 10
        search_text: Annotated[str, BeforeValidator(trim)] = ""

    def echo(path, of, **options):
        def handler(value: Annotated[of, Body()]) -> of:
            return value
        app.post(path, **options)(handler)

    echo("/two-names", TwoNames)
    echo("/camel", Camel)
    echo("/by-name", ByName)
    echo("/pascal", Pascal)
    echo("/open", Open)
    echo("/numbers", Numbers)
    echo("/closed", Closed)
    echo("/hidden", Hidden)
    echo("/order", Order)
    echo("/made", Made)
    echo("/account", Account)
    echo("/sorted", Sorted)
    echo("/pair", Pair)
    echo("/exact", Exact)
    echo("/owner", Owner)
    echo("/aviary", Aviary, include_in_schema=False)  # FastAPI makes a document that it refuses itself
    echo("/many-names", ManyNames)
    echo("/lenient", Lenient)
    echo("/zoo", Zoo)
    echo("/node", Node)
    echo("/shelf", Shelf)
    echo("/described", Described)
    echo("/profile", Profile)
    echo("/profile-by-name", Profile, response_model_by_alias=False)
    echo("/profile-without-defaults", Profile, response_model_exclude_defaults=True)
    echo("/profile-without-null", Profile, response_model_exclude_none=True)
    echo("/profile-some", Profile, response_model_include={"id", "city"})
    echo("/profile-others", Profile, response_model_exclude={"city"})

    @app.get("/search")
    def search(search: Annotated[Search, Query()]) -> list[str]:
        return [str(search.page_size), search.search_text]
    return app
