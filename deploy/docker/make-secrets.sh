#!/bin/sh
# Makes the passwords that docker-compose.yml wants under config/secrets, each with 192 random bits, and an empty file
# for every secret that may be left out: put yours in, or leave it. A file that is there already is left as it is.
# Run it in the folder of docker-compose.yml, or with SECRETS_FOLDER, and again after every upgrade.
set -eu
umask 077

secrets=${SECRETS_FOLDER:-config/secrets}
mkdir -p "$secrets"

# Hexadecimal digits only, so that a password needs no escaping in the database URL.
random_text() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

make() {
  if [ -e "$secrets/$1" ]; then
    echo "kept  $secrets/$1"
  else
    printf '%s' "$2" > "$secrets/$1"
    echo "made  $secrets/$1"
  fi
}

make temporal_db_password "$(random_text)"
make autoheal_db_password "$(random_text)"
make database_url "postgresql://autoheal:$(cat "$secrets/autoheal_db_password")@autoheal-db:5432/autoheal"
make api_token "$(random_text)"
make grafana_admin_password "$(random_text)"

for name in telegram_bot_token codec_key sentry_secret embedding_api_key temporal_api_key heartbeat_url; do
  make "$name" ''
done
