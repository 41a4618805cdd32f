"""The fixtures of apps/*.cpp as a FastAPI user would write them: what scripts/conformance asks."""
from . import (bodies, dependencies, errors, files, forms, middleware, parameters, responses, routing, security,
               streams, text_types, types)

APPS = {name: make() for name, make in {
    "bodies": bodies.bodies,
    "dependencies": dependencies.dependencies,
    "errors": errors.errors,
    "files": files.files,
    "forms": forms.forms,
    "middleware": middleware.middleware,
    "parameters": parameters.parameters,
    "responses": responses.responses,
    "routing": routing.routing,
    "security": security.security,
    "streams": streams.streams,
    "text_types": text_types.text_types,
    "types": types.types,
}.items()}
