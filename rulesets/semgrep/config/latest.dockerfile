# ruleid: cfg-supply-chain-docker-latest
FROM python:latest
# ruleid: cfg-supply-chain-docker-latest
FROM registry.example/team/base
# ruleid: cfg-supply-chain-docker-latest
FROM owner/node:latest AS build
# ok: cfg-supply-chain-docker-latest
FROM owner/node:22.1
# ok: cfg-supply-chain-docker-latest
FROM build
# ruleid: cfg-privileges-docker-root
ENTRYPOINT ["app"]
