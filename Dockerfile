# One image for every role; the command chooses it (compose.yaml). Built in two stages: the compiler
# and the headers stay in the first. BASE is another Debian with Python 3.11 where no registry of
# images can be reached: `.ci/image` builds and tries this file so.
ARG BASE=python:3.11.13-slim-bookworm
FROM ${BASE} AS build

RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libmariadb-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

# Wheels only, with locked hashes; mysqlclient alone is compiled, with build tools that are locked too
# (build.txt, which also makes pip the same for every base) and do not stay.
COPY requirements/build.txt requirements/production.txt /tmp/requirements/
RUN python -m pip install --require-hashes --only-binary :all: --requirement /tmp/requirements/build.txt \
    && python -m pip install --require-hashes --only-binary :all: --no-binary mysqlclient --no-build-isolation \
        --check-build-dependencies --requirement /tmp/requirements/production.txt \
    && python -m pip uninstall --yes --quiet setuptools \
    && python -m pip check

WORKDIR /srv/evosync
COPY . .
# Catalogues and static files are made once, here. The keys are this step's own and are not kept.
RUN for catalogue in locale/*/LC_MESSAGES/*.po; do \
        [ ! -e "$catalogue" ] || python -m babel.messages.frontend --quiet compile --input-file "$catalogue" --output-file "${catalogue%.po}.mo" || exit 1; \
    done \
    && SECRET_KEY=build FIELD_ENCRYPTION_KEYS= DATABASE_URL=sqlite:////tmp/build.sqlite3 \
        python manage.py collectstatic --noinput \
    && rm -rf var


FROM ${BASE}

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libmariadb3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /srv/evosync --shell /usr/sbin/nologin evosync \
    && install --directory --owner=evosync /srv/evosync /media

COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/evosync /srv/evosync

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=evosync.settings \
    MALLOC_ARENA_MAX=2 \
    MEDIA_ROOT=/media \
    PORT=8000
WORKDIR /srv/evosync
USER evosync
VOLUME /media
EXPOSE 8000

# Worker and scheduler have their own in compose.yaml.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "evosync.ops.probe", "web"]
CMD ["gunicorn", "evosync.wsgi:application", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--logger-class", "evosync.common.telemetry.gunicorn_log.ScrubbingLogger", "--graceful-timeout", "25"]
