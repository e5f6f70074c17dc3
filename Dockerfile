# docker build -t cadrage . && docker run --rm -v "$PWD:/dossiers:ro" cadrage check notes/eau
FROM rust:1.89-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo install --locked --path . --root /out

FROM debian:bookworm-slim
COPY --from=build /out/bin/cadrage /usr/local/bin/cadrage
# Nothing in the image belongs to this user, nor does it need a home.
USER 65534:65534
WORKDIR /dossiers
ENTRYPOINT ["cadrage"]
CMD ["check"]
