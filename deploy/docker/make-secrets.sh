#!/bin/sh
# Makes the passwords that docker-compose.yml wants under config/secrets, each with 192 random bits. A file that is
# there already is left as it is. Run it in the folder of docker-compose.yml.
set -eu
umask 077

secrets=config/secrets
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
