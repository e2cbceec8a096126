# The gate as an image for CI: everything pinned by hash, byte-compiled, run by a user without rights.
#
#   docker build -t ai-merge-gate .
#   docker run --rm -v "$PWD:/target:ro" ai-merge-gate check --base origin/main
#
# The full image of Debian is both stages' base, because it brings git and ssh-keygen.
FROM python:3.12-bookworm@sha256:dbbe4ceb97851e2e5fa83798b239811f871cb743b259ba3563737349f6bcfaa0 AS build
WORKDIR /source
RUN python -m venv /opt/gate
COPY requirements.lock ./
RUN /opt/gate/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY gate gate
COPY rulesets rulesets
COPY templates templates
RUN /opt/gate/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
 && /opt/gate/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/gate/lib

FROM python:3.12-bookworm@sha256:dbbe4ceb97851e2e5fa83798b239811f871cb743b259ba3563737349f6bcfaa0
LABEL org.opencontainers.image.title="ai-merge-gate" \
      org.opencontainers.image.description="A merge gate for AI-written code" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --create-home --uid 10001 gate
COPY --from=build /opt/gate /opt/gate
ENV PATH="/opt/gate/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /target
ENTRYPOINT ["gate"]
CMD ["--help"]
