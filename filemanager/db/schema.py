"""Every table: who asks for all of them asks here, so that none is left out."""

from filemanager.db import (
    bucket_models,
    idempotency_models,
    jobs_models,
    models,
    quotas_models,
    rawstore_models,
    uploads_models,
)

MODULES = (
    models,
    jobs_models,
    quotas_models,
    uploads_models,
    rawstore_models,
    bucket_models,
    idempotency_models,
)

metadata = models.metadata
