#!/bin/sh
# The image's tags: each build has one of its own, so that there is always one to go back to. Run it in the folder of
# docker-compose.yml.
#
#   sh deploy/docker/image.sh build       builds, and makes the new tag the one that docker compose uses
#   sh deploy/docker/image.sh list        the tags that are there, newest first; * is in use
#   sh deploy/docker/image.sh use TAG     goes on, or back, to a tag; then: docker compose up --detach
#
# BUILD_OPTIONS are handed to `docker build`.
set -eu

# What is in use stands in .env beside docker-compose.yml; the other lines there are left as they are.
in_use() { if [ -f .env ]; then sed -n 's/^AUTOHEAL_TAG=//p' .env | tail -n 1; fi; }
use() {
  touch .env
  { grep -v '^AUTOHEAL_TAG=' .env || true; echo "AUTOHEAL_TAG=$1"; } > .env.new
  mv .env.new .env
}

case ${1:-} in
build)
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  tag=$version-$(date -u +%Y%m%d%H%M%S)-$commit
  before=$(in_use)
  # shellcheck disable=SC2086 # several options
  docker build ${BUILD_OPTIONS:-} --label "org.opencontainers.image.version=$version" \
    --label "org.opencontainers.image.revision=$commit" --tag "autoheal:$tag" .
  use "$tag"
  echo "built  autoheal:$tag, used from now on. Now: docker compose up --detach"
  if [ -n "$before" ]; then echo "back:  sh deploy/docker/image.sh use $before && docker compose up --detach"; fi
  ;;
list)
  docker image ls autoheal --format '{{.Tag}}\t{{.CreatedSince}}\t{{.Size}}' |
    awk -v used="$(in_use)" '{ print ($1 == used ? "* " : "  ") $0 }'
  ;;
use)
  tag=${2:?usage: sh deploy/docker/image.sh use TAG}
  docker image inspect "autoheal:$tag" > /dev/null 2>&1 || {
    echo "there is no image autoheal:$tag here; sh deploy/docker/image.sh list shows those that are" >&2
    exit 1
  }
  use "$tag"
  echo "autoheal:$tag is used from now on. Now: docker compose up --detach"
  ;;
*)
  echo 'usage: sh deploy/docker/image.sh build|list|use TAG' >&2
  exit 2
  ;;
esac
