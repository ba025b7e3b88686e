# docker build -t dateline . && docker run --rm -v "$PWD/archive:/archive:ro" -v dateline:/data dateline index /data/news.idx /archive
# docker run --rm -p 8000:8000 -v dateline:/data dateline
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY search search
COPY indexer indexer
COPY service service
RUN python -m venv /opt/dateline && /opt/dateline/bin/pip install --no-cache-dir .

FROM python:3.13-slim
RUN useradd --system --uid 10001 dateline && install -d -o dateline /data /var/cache/dateline
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH PYTHONUNBUFFERED=1 DATELINE_KERNEL_CACHE=/var/cache/dateline
USER dateline
RUN dateline warm
WORKDIR /data
EXPOSE 8000
VOLUME /data
ENTRYPOINT ["dateline"]
CMD ["serve", "/data/news.idx", "--host", "0.0.0.0", "--port", "8000"]
