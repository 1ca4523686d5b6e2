#!/bin/sh
# Puts autoheal-gate into force for one key of one user on this host. Run it as root on the host. Safe to run again.
#
#   install.sh --user ollama --key-file autoheal_id_ed25519.pub [--from 192.0.2.110] [--dry-run]
#
#   --user USER             whose authorized_keys
#   --key-file FILE         the public key, as ssh-keygen wrote it
#   --from PATTERN          only from this address (the bastion), as sshd's from="…" takes it
#   --authorized-keys FILE  default: .ssh/authorized_keys in the user's home
#   --gate FILE             where the gate is put, default /usr/local/sbin/autoheal-gate
#   --config-dir DIR        default /etc/autoheal
#   --dry-run               shows what would change, changes nothing
set -eu
umask 077

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
user='' key_file='' from='' keys_file='' dry_run=no
gate=/usr/local/sbin/autoheal-gate
config_dir=/etc/autoheal
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes && shift && continue ;;
    --user | --key-file | --from | --authorized-keys | --gate | --config-dir)
      [ $# -ge 2 ] || fail "$1 needs a value"
      ;;
    *) fail "unknown argument $1; the head of this file lists them" ;;
  esac
  case $1 in
    --user) user=$2 ;;
    --key-file) key_file=$2 ;;
    --from) from=$2 ;;
    --authorized-keys) keys_file=$2 ;;
    --gate) gate=$2 ;;
    --config-dir) config_dir=$2 ;;
  esac
  shift 2
done

[ -n "$user" ] || fail '--user is missing: the user that AutoHeal logs in as'
[ -r "$key_file" ] || fail "--key-file \"$key_file\" cannot be read: give the public key, autoheal_id_ed25519.pub"
case $gate$config_dir$from in
  *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:,*?-]*)
    fail 'a path or address holds a character that authorized_keys would misread'
    ;;
esac
read -r key_type key_blob key_comment <"$key_file" || [ -n "${key_blob-}" ] || fail "$key_file holds no public key"
case $key_type in
  ssh-* | ecdsa-* | sk-*) ;;
  *) fail "$key_file is not a public key: it starts with \"$key_type\"" ;;
esac
if [ -z "$keys_file" ]; then
  home=$(getent passwd "$user" | cut -d: -f6)
  [ -n "$home" ] || fail "there is no user \"$user\" on this host"
  keys_file=$home/.ssh/authorized_keys
fi

sh "$here/autoheal-gate" --self-test --protected "$config_dir/protected" >&2 || fail 'the gate failed its self-test; nothing was changed'

options="command=\"$gate --protected $config_dir/protected --commands $config_dir/commands\",restrict"
[ -z "$from" ] || options="$options,from=\"$from\""

# The folder is the user's, and this runs as root: a link in it could lead the writing anywhere.
keys_dir=$(dirname -- "$keys_file")
for path in "$keys_dir" "$keys_file"; do
  [ ! -L "$path" ] || fail "$path is a link, which is not followed: name the file itself with --authorized-keys"
done

# What a peer may put into the environment reaches the login shell, which is before the gate.
if settings=$(sshd -T -C "user=$user,host=localhost,addr=127.0.0.1" 2>/dev/null); then
  strange=$(printf '%s\n' "$settings" | awk '
    tolower($1) == "acceptenv" { for (i = 2; i <= NF; i++) if ($i != "LANG" && $i !~ /^LC_[A-Z*]*$/) print "AcceptEnv " $i }
    tolower($1) == "permituserenvironment" && $2 != "no" { print "PermitUserEnvironment " $2 }')
  [ -z "$strange" ] || fail "sshd lets a peer change the environment before the gate runs; take out of its configuration, at least for $user: $(printf '%s' "$strange" | tr '\n' ' ')"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ ! -e "$keys_file" ] || cat "$keys_file" >"$work/before"
[ -e "$work/before" ] || : >"$work/before"
# Every other line of the same key goes: sshd takes the first that matches, and one without the gate would bypass it.
awk -v "blob=$key_blob" '{
  same = 0
  for (i = 1; i <= NF; i++) if ($i == blob) same = 1
  if (!same || $0 ~ /^[ \t]*#/) print
}' "$work/before" >"$work/after"
printf '%s %s %s %s\n' "$options" "$key_type" "$key_blob" "${key_comment:-autoheal}" >>"$work/after"

changed=no
if ! cmp -s "$work/before" "$work/after"; then
  changed=yes
  diff -u "$work/before" "$work/after" | sed -e "1s|.*|--- $keys_file (now)|" -e "2s|.*|+++ $keys_file (new)|" || :
fi
cmp -s "$here/autoheal-gate" "$gate" || {
  changed=yes
  echo "gate: $gate is new or another version"
}
[ -e "$config_dir/protected" ] || {
  changed=yes
  echo "protected: $config_dir/protected is missing; it starts with comments only"
}
if [ "$changed" = no ]; then
  echo 'The gate is in force already; nothing to change.'
  exit 0
fi
if [ "$dry_run" = yes ]; then
  echo 'Dry run: nothing was changed.'
  exit 0
fi

# The user has to reach both, whatever this shell's umask is.
(umask 022 && mkdir -p "$config_dir" "$(dirname -- "$gate")")
chmod 0755 "$config_dir"
if [ ! -e "$config_dir/protected" ]; then
  cat >"$config_dir/protected" <<'PROTECTED'
# One container name a line: never restarted through AutoHeal's key. momo-db and momo-postgres always are.
# "allow-database NAME" lets a container that is seen to hold data be restarted all the same.
PROTECTED
fi
chmod 0644 "$config_dir/protected"
cp "$here/autoheal-gate" "$gate.new"
chmod 0755 "$gate.new"
mv -f "$gate.new" "$gate"

[ -d "$keys_dir" ] || mkdir -p "$keys_dir"
if [ -e "$keys_file" ]; then
  backup=$(mktemp "$keys_file.before-autoheal.$(date -u +%Y%m%dT%H%M%SZ).XXXXXX")
  cat "$work/before" >"$backup"
  echo "backup: $backup"
fi
new=$(mktemp "$keys_file.new.XXXXXX")
cat "$work/after" >"$new"
chmod 0600 "$new"
if [ "$(id -u)" -eq 0 ] && id "$user" >/dev/null 2>&1; then
  chown -h "$user" "$keys_dir" "$new"
fi
mv -f "$new" "$keys_file"
echo "The gate is in force for this key. Prove it from the worker: autoheal doctor"
