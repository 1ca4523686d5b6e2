#!/bin/sh
# Starts the Temporal server with its database password read from a file: the server's own configuration knows
# an environment variable only, and one that is set in docker-compose.yml shows in `docker inspect`.
set -eu

: "${POSTGRES_PWD_FILE:?set it to the file that holds the password of Temporal's database}"
POSTGRES_PWD="$(cat "$POSTGRES_PWD_FILE")"
export POSTGRES_PWD

exec /etc/temporal/entrypoint.sh
