# The image of web and worker. Built in two stages, so that no compiler and no package index stays inside.
FROM debian:12-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
RUN python3 -m venv /opt/planner
COPY requirements.lock ./
RUN /opt/planner/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN /opt/planner/bin/python -m hatchling build -t wheel -d /tmp/wheel \
 && /opt/planner/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /tmp/wheel/*.whl

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 libsqlite3-mod-spatialite curl tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/planner planner \
 && install -d -o planner -g planner -m 700 /var/lib/planner
COPY --from=build /opt/planner /opt/planner
ENV PATH=/opt/planner/bin:$PATH PLANNER_DATA_DIR=/var/lib/planner PYTHONUNBUFFERED=1
USER planner
WORKDIR /var/lib/planner
VOLUME /var/lib/planner
EXPOSE 8000
ENTRYPOINT ["tini", "--", "planner"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
