"""The JSON of probes and of the service's description."""

from filemanager.api.http.views import View


class LoadView(View):
    tasks_due: int
    oldest_due_seconds: float
    tasks_failed: int
    tasks_stuck: int
    open_uploads: int


class HealthView(View):
    """``load`` is what waits for workers and clients; it makes no node unready."""

    ready: bool
    parts: dict[str, str] | None = None
    load: LoadView | None = None


class ServiceDescription(View):
    """An OpenAPI document; its own specification says the rest."""

    openapi: str
    info: dict[str, object]
    paths: dict[str, object]
    components: dict[str, object]
    tags: list[dict[str, str]]
