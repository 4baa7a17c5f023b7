FROM python:3.11.13-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
# Every package is held against the lock's hashes; of those, the image gets what Wirewatch needs and not what its tests do.
RUN pip download --quiet --only-binary :all: --no-deps --require-hashes --requirement requirements.lock --dest /wheels
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY ingest ingest
COPY process process
COPY index index
COPY deploy deploy
RUN python -m venv /opt/wirewatch \
 && /opt/wirewatch/bin/pip install --quiet --no-index --find-links /wheels .

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/wirewatch --create-home wirewatch
COPY --from=build /opt/wirewatch /opt/wirewatch
ENV PATH=/opt/wirewatch/bin:$PATH \
    WIREWATCH_DATA=/var/lib/wirewatch \
    WIREWATCH_METRICS__LISTEN=0.0.0.0:9464 \
    WIREWATCH_WEB__LISTEN=0.0.0.0:8080
# Settings are read from wirewatch.toml here.
WORKDIR /etc/wirewatch
USER 10001
VOLUME /var/lib/wirewatch
EXPOSE 8080 9464
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/live', timeout=8)"]
ENTRYPOINT ["wirewatch"]
CMD ["run"]
