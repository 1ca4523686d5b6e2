#!/bin/sh
# Waits until the Temporal server answers, then creates the namespace where it does not exist yet. An existing
# namespace keeps its retention. TEMPORAL_ADDRESS is read by the CLI itself.
set -eu

: "${TEMPORAL_NAMESPACE:?set it to the namespace that the worker uses}"
: "${RETENTION:?set it to how long finished workflows are kept, for example 720h}"

tries=60
until temporal operator cluster health; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "Temporal did not become healthy at ${TEMPORAL_ADDRESS:-its default address}: see 'docker compose logs temporal'." >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  echo "Namespace $TEMPORAL_NAMESPACE is there."
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
