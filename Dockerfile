# docker build -t dateline .
# docker run --rm -v "$PWD/archive:/archive:ro" -v dateline:/data dateline index /data/news.idx /archive
# docker run --rm -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp -v dateline:/data -v dateline-kernels:/var/cache/dateline dateline
# With nginx before it: compose.yaml.
FROM python:3.13-slim AS build
RUN apt-get update -q && apt-get install -y -q --no-install-recommends gcc libc6-dev
WORKDIR /src
RUN python -m venv /opt/dateline
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY deploy/requirements.py deploy/
RUN for parts in install "dateline opensearch pdf postgresql"; do \
      /opt/dateline/bin/python deploy/requirements.py $parts > /tmp/needed.txt \
      && /opt/dateline/bin/python -m pip install --no-cache-dir --require-hashes -r /tmp/needed.txt || exit 1; \
    done
COPY search search
COPY desk desk
COPY indexer indexer
COPY service service
COPY dateline dateline
COPY deploy deploy
# The wheel, as releases have it, with the library of kernels, and the program from that: nothing of this folder is run.
RUN PYTHONPATH=/src /opt/dateline/bin/python deploy/kernels.py \
 && /opt/dateline/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/dateline/bin/pip install --no-index --no-deps --no-build-isolation /dist/dateline-*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home dateline \
 && install -d -o dateline -g dateline -m 0750 /data /var/cache/dateline
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATELINE_KERNEL_CACHE=/var/cache/dateline
USER dateline
# Kept in the image, and copied from it into a named volume; a root that is read-only needs one there.
RUN dateline warm
WORKDIR /data
EXPOSE 8000
VOLUME ["/data", "/var/cache/dateline"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["dateline"]
CMD ["serve", "/data/news.idx", "--host", "0.0.0.0", "--port", "8000"]
