# The image of migrate, worker, http and bot. Debian, not Alpine: Temporal's native bridge is built for glibc.
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
RUN npm ci
COPY . .
# Compiles what the commands import, bundles the workflow code, and takes only the packages that are needed then.
RUN node_modules/.bin/tsx deploy/image/assemble.ts /out

FROM node:20-bookworm-slim
# ssh is the one program that reaches the estate; certificates are for the database, Temporal Cloud and Telegram.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates openssh-client \
  && rm -rf /var/lib/apt/lists/*
# Nothing is installed at run time, so nothing that installs is there.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
# The image's own user `node` is user 1000. The state folder is its only writable place.
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/autoheal
WORKDIR /app
COPY --from=build /out ./
ENV NODE_ENV=production AUTOHEAL_HOME=/var/lib/autoheal
USER node
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "bin/autoheal.js"]
