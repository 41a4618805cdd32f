import pathlib

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

ALPHABET = pathlib.Path(__file__).parent.parent / "files/alphabet.txt"


def files():
    app = FastAPI(title="files")

    def answers(path, **options):
        def handler():
            return FileResponse(ALPHABET, **options)
        app.get(path)(handler)

    answers("/alphabet")
    answers("/named", filename="letters.txt")
    answers("/unicode", filename="März 1.txt")
    answers("/inline", filename="letters.txt", content_disposition_type="inline")
    answers("/typed", media_type="application/x-abc")
    answers("/status", status_code=203)

    @app.get("/missing")
    def missing():
        raise HTTPException(404)
    return app
