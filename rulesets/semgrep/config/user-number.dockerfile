FROM python:3.13-slim
USER 1000:1000
# ok: cfg-privileges-docker-root
CMD ["app"]
