# syntax=docker/dockerfile:1
# One image with all six binaries; the compose file or the pod says which of them runs.

FROM node:24-bookworm-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY web .
RUN npm run build

FROM rust:1.95-bookworm AS builder
WORKDIR /src
COPY . .
# The caches outlive a build, so that a changed line compiles its crate and not the world.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked --workspace --exclude xtask --bins \
    && mkdir /out \
    && for name in gateway auth-service tenant-service lead-service enrichment-service integration-service; do \
        install -m 755 "target/release/$name" /out/ || exit 1; \
    done

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin leadstream
COPY --from=builder /out/ /usr/local/bin/
COPY --from=web /web/dist /usr/share/leadstream/web
ENV WEB_DIR=/usr/share/leadstream/web
# glibc would keep what was large once, such as the 19 MB that each hashed password takes; it is to give it back.
ENV MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=4194304
USER 10001
STOPSIGNAL SIGTERM
CMD ["gateway", "serve"]
