FROM python:3.13-slim
# ruleid: cfg-privileges-docker-root
CMD app --serve
