FROM python:3.13-slim
RUN useradd --system app
USER app
# ok: cfg-privileges-docker-root
ENTRYPOINT ["app"]
# ok: cfg-privileges-docker-root
CMD ["--serve"]
