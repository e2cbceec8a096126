# ok: cfg-supply-chain-docker-latest
FROM python:3.13-slim
# ruleid: cfg-supply-chain-pipe-to-shell
RUN curl -fsSL https://get.example/install.sh | sh
# ruleid: cfg-supply-chain-pipe-to-shell
RUN wget -qO- https://get.example/install.sh | sudo bash -s
# ruleid: cfg-supply-chain-pipe-to-shell
RUN bash -c "$(curl -fsSL https://get.example/install.sh)"
# ok: cfg-supply-chain-pipe-to-shell
RUN curl -fsSLo install.sh https://get.example/install.sh && sha256sum --check sums && sh install.sh
# ok: cfg-supply-chain-pipe-to-shell
RUN curl -fsSL https://get.example/list | sort
# ok: cfg-supply-chain-pipe-to-shell
RUN pip install app
# ruleid: cfg-hardcoded-secret-docker-env
ENV DB_PASSWORD=letmein
# ruleid: cfg-hardcoded-secret-docker-env
ARG API_KEY=abc123
# ruleid: cfg-hardcoded-secret-docker-env
ENV ACCESS_TOKEN="abc"
# ok: cfg-hardcoded-secret-docker-env
ARG API_KEY
# ok: cfg-hardcoded-secret-docker-env
ENV TOKEN_FILE=/run/secrets/token
# ok: cfg-hardcoded-secret-docker-env
ENV DB_PASSWORD=$GIVEN
# ruleid: cfg-privileges-docker-root
CMD ["app"]
