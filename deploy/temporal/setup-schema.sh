#!/bin/sh
# Creates Temporal's two databases and brings their schemas to this release's version. Safe to run again: existing
# databases and versions already applied are left as they are. Where and as whom comes from SQL_HOST, SQL_PORT,
# SQL_USER and SQL_PLUGIN, which temporal-sql-tool reads itself.
set -eu

: "${SQL_PASSWORD_FILE:?set it to the file that holds the password of Temporal's database}"
# The tool takes the password from the environment only. Read here, it stays out of `docker inspect` and `ps`.
SQL_PASSWORD="$(cat "$SQL_PASSWORD_FILE")"
export SQL_PASSWORD

schemas=/etc/temporal/schema/postgresql/v12

set_up() {
  temporal-sql-tool --db "$1" create-database
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema -d "$schemas/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
