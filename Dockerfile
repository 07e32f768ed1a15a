# The image of Newsbell: a virtual environment from the lock, the code, and nothing else.
# /config is the directory of rules.yaml (the sample until yours is mounted), /data the store.

FROM python:3.11-slim AS build

COPY requirements.txt /build/
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile \
        --require-hashes --no-deps --only-binary :all: -r /build/requirements.txt \
    && python -m pip --python /opt/venv/bin/python uninstall --yes --quiet pip \
    && /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib \
    && chmod -R a+rX /opt/venv

COPY bot.py LICENSE /app/
COPY monitors /app/monitors
COPY rules.yaml /config/
COPY sample /config/sample

# Compiled once, as nothing can be written later. In /app, where commands run, rules.yaml and
# data lead to the real ones, so that `check`, `status` and the others need no options.
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /app \
    && ln -s /config/rules.yaml /app/rules.yaml \
    && ln -s /data /app/data \
    && chmod -R a+rX /app /config


FROM python:3.11-slim

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Newsbell" \
      org.opencontainers.image.description="Tells a Telegram chat, once and within seconds, when a story matches a rule." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build /config /config

# Before VOLUME, because a new volume takes its owner and mode from here: compose.yaml may name
# another user.
RUN install -d -o 10001 -g 10001 -m 1777 /data
VOLUME /data

WORKDIR /app
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "bot.py", "health", "--data", "/data", "--rules", "/config/rules.yaml"]

# Options follow the command, so they stand here: whoever names another command leaves both out.
ENTRYPOINT ["python", "bot.py"]
CMD ["run", "--rules", "/config/rules.yaml", "--data", "/data"]
