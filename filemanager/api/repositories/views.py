"""What the repositories door answers, in the shape of RWS."""

from pydantic import BaseModel


class RepositoryMessage(BaseModel):
    message: str


OK = RepositoryMessage(message="OK")
PROMISED = RepositoryMessage(message="It was taken, and is not published yet.")
NO_DELETE = RepositoryMessage(message="Delete has not yet been implemented.")
