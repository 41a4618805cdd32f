from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware


def middleware():
    app = FastAPI(title="middleware")

    async def served_by(request, call_next):
        response = await call_next(request)
        response.headers["X-Served-By"] = "conformance"
        return response
    # FastAPI's last added is the outermost.
    app.add_middleware(BaseHTTPMiddleware, dispatch=served_by)
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_methods=["GET", "PUT"],
                       allow_headers=["X-Token"], allow_credentials=True, expose_headers=["X-Served-By"])
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["testserver", "*.example.com"])

    @app.get("/x")
    def get_x():
        return 1

    @app.put("/x")
    def put_x():
        return 2

    @app.get("/n")
    def n(n: int):
        return n

    @app.get("/refused")
    def refused():
        raise HTTPException(403, "No")
    return app
