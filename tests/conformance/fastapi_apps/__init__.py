"""The fixtures of apps/*.cpp as a FastAPI user would write them: what scripts/conformance asks."""
from . import (bodies, dependencies, documents, errors, files, forms, lifetimes, members, middleware, mounts,
               parameters, responses, routing, security, streams, text_types, types)

MAKERS = {
    "bodies": bodies.bodies,
    "dependencies": dependencies.dependencies,
    "documents": documents.documents,
    "errors": errors.errors,
    "files": files.files,
    "forms": forms.forms,
    "lifetimes": lifetimes.lifetimes,
    "members": members.members,
    "middleware": middleware.middleware,
    "mounts": mounts.mounts,
    "parameters": parameters.parameters,
    "responses": responses.responses,
    "routing": routing.routing,
    "security": security.security,
    "streams": streams.streams,
    "text_types": text_types.text_types,
    "types": types.types,
}
