from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import (APIKeyCookie, APIKeyHeader, APIKeyQuery, HTTPBasic, HTTPBearer,
                              OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes)
from pydantic import BaseModel


def security():
    app = FastAPI(title="security")
    oauth2 = OAuth2PasswordBearer(tokenUrl="/token", scopes={"read": "Read access", "write": "Write access"})

    def user_of(token: Annotated[str, Depends(oauth2)], scopes: SecurityScopes):
        if token == "weak" and scopes.scopes:
            raise HTTPException(403, "Not enough permissions",
                                {"WWW-Authenticate": f'Bearer scope="{scopes.scope_str}"'})
        return {"name": token, "scopes": scopes.scope_str}

    def active_user(user: Annotated[dict, Security(user_of, scopes=["read"])]):
        return user

    def answers(path, dependency, pick):
        def handler(value: Annotated[Any, dependency]):
            return pick(value)
        app.get(path)(handler)

    def same(value):
        return value

    answers("/oauth2", Security(oauth2), same)
    answers("/bearer", Security(HTTPBearer()), lambda value: value.credentials)
    answers("/basic", Security(HTTPBasic()), lambda value: [value.username, value.password])
    answers("/basic-realm", Security(HTTPBasic(realm="simple", scheme_name="HTTPBasicRealm")),
            lambda value: value.username)
    answers("/key-header", Security(APIKeyHeader(name="X-Key")), same)
    answers("/key-query", Security(APIKeyQuery(name="key")), same)
    answers("/key-cookie", Security(APIKeyCookie(name="key")), same)
    answers("/maybe-bearer", Security(HTTPBearer(scheme_name="MaybeBearer", auto_error=False)),
            lambda value: value.credentials if value else "anonymous")
    answers("/maybe-basic", Security(HTTPBasic(scheme_name="MaybeBasic", auto_error=False)),
            lambda value: value.username if value else "anonymous")
    answers("/me", Security(user_of), same)
    answers("/active", Security(active_user, scopes=["write"]), same)

    class Item(BaseModel):
        n: int

    @app.post("/item")
    def item(item: Item, user: Annotated[dict, Security(user_of, scopes=["write"])]):
        return f"{user['name']}{item.n}"

    @app.post("/token")
    def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
        return {"grant_type": form.grant_type, "username": form.username, "scopes": form.scopes,
                "client_id": form.client_id}
    return app
