"""What several fixtures share."""
import enum

from pydantic import BaseModel, ConfigDict


class Forbidding(BaseModel):
    model_config = ConfigDict(extra="forbid")


def names(name, *values):
    """An enum of texts, as a C++ enum is read and written."""
    return enum.Enum(name, {value: value for value in values}, type=str)
