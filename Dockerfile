# Serves with SQLite and a local directory in /data unless told otherwise:
#   make image   # docker build, with version and revision in the labels
#   docker run -p 8000:8000 -e JWT_SECRET=… -v filemanager:/data filemanager
# BASE is any glibc image whose python3 is 3.11 or later and can make virtual environments.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
# The same release as in the Makefile: another one may read the lock file differently.
ARG PIPENV_VERSION=2026.10.3
WORKDIR /app
RUN python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir "pipenv==${PIPENV_VERSION}"
COPY Pipfile Pipfile.lock ./
# Wheels only, so that no compiler is needed. The index is left to pip's own configuration: the
# hashes of the lock file say what is taken, wherever it comes from. The environment that serves
# has no pip.
RUN /opt/tools/bin/pipenv requirements --hash --exclude-index > /opt/requirements.txt \
    && python3 -m venv --without-pip /opt/venv \
    && /opt/tools/bin/pip --python /opt/venv/bin/python install --no-cache-dir --no-deps \
        --only-binary :all: --require-hashes -r /opt/requirements.txt
# What is in the image, for who watches for holes in it.
ARG CYCLONEDX_VERSION=7.5.0
RUN /opt/tools/bin/pip install --no-cache-dir "cyclonedx-bom==${CYCLONEDX_VERSION}" \
    && /opt/tools/bin/cyclonedx-py environment --output-reproducible --short-PURLs --of JSON \
        --output-file /opt/sbom.cdx.json /opt/venv/bin/python
# More than a quarter of what the image adds to its base, compressed: descriptions of services of AWS
# that are not used. Those for signing in stay, since a machine's own credentials may open the store.
RUN find /opt/venv/lib/python3*/site-packages/botocore/data -mindepth 1 -maxdepth 1 -type d \
        ! -name s3 ! -name signin ! -name sso ! -name sso-oidc ! -name sts -exec rm -r {} +
COPY LICENSE app.py config.default generate_token.py populate_test_database.py /opt/app/
COPY filemanager /opt/app/filemanager
COPY migrations /opt/app/migrations
# The user that serves may not write here, so each start would compile everything anew. Hashes,
# unlike times, survive a copy.
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/app

FROM ${BASE}
ARG VERSION=development
ARG REVISION=unknown
LABEL org.opencontainers.image.title="filemanager" \
    org.opencontainers.image.description="Takes, checks and keeps uploaded files" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# Fixed numbers: Kubernetes compares them, and the owner of a volume outlives the image.
RUN groupadd --gid 10001 filemanager \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin filemanager \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/app /app
COPY --from=build /opt/sbom.cdx.json /app/sbom.cdx.json
ENV PATH=/opt/venv/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FILEMANAGER_DATA_DIR=/data \
    FILEMANAGER_HOST=0.0.0.0
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# The port is asked of the settings, which know all its names. http.client heeds no proxy.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import sys; from http.client import HTTPConnection; from filemanager.settings.reading import load; probe = HTTPConnection('127.0.0.1', load().port, timeout=5); probe.request('GET', '/livez'); sys.exit(probe.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "filemanager"]
CMD ["serve"]
