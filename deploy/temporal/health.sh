#!/bin/sh
# Healthy when the server takes connections and its database answers. The server alone says nothing of the database:
# without it every call fails, and its port is open. PostgreSQL answers the question whether it speaks TLS (eight
# bytes, its protocol's SSLRequest) with one letter before anybody logs in.
set -u

if ! nc -z -w 3 127.0.0.1 "${FRONTEND_PORT:-7233}"; then
  echo 'the server takes no connections'
  exit 1
fi
answer=$( (printf '\000\000\000\010\004\322\026\057'; sleep 1) | nc -w 3 "$POSTGRES_SEEDS" "${DB_PORT:-5432}" | head -c 1)
case $answer in
S | N) ;;
*)
  echo "the database at $POSTGRES_SEEDS:${DB_PORT:-5432} does not answer"
  exit 1
  ;;
esac
