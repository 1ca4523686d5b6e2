#!/bin/sh
# Replaces AutoHeal's ssh key, without a rebuild and without a moment in which no key is good. Run it in the folder of
# docker-compose.yml, as root where config/ belongs to the container's user:
#
#   sh deploy/operations/rotate-key.sh prepare    makes the next key beside the one in use
#   (add its public key on the bastion and on every host, beside the old one)
#   sh deploy/operations/rotate-key.sh switch     puts it in the place of the one in use; the old pair is kept
#
# The folder is ./config, or KEY_FOLDER; the key's name autoheal_id_ed25519, or KEY_NAME.
set -eu
umask 077

folder=${KEY_FOLDER:-config}
name=${KEY_NAME:-autoheal_id_ed25519}
key=$folder/$name
next=$folder/next_$name
old=$folder/previous_$name

fail() {
  echo "rotate-key: $1" >&2
  exit 1
}

# As the key that is in use belongs to: in a container it has to be the container's user.
own_as_key() {
  if [ "$(id -u)" = 0 ]; then chown "$(stat -c %u:%g "$key")" "$@"; fi
}

[ -f "$key" ] || fail "there is no key at $key; give its folder as KEY_FOLDER and its name as KEY_NAME"
case ${1:-} in
prepare)
  [ ! -e "$next" ] || fail "$next is there already: switch to it, or remove it"
  ssh-keygen -q -t ed25519 -N '' -C autoheal -f "$next"
  own_as_key "$next" "$next.pub"
  echo "made  $next"
  echo "Now add this line on the bastion and on every host, beside the old one (with the gate: its install.sh):"
  cat "$next.pub"
  ;;
switch)
  [ -f "$next" ] && [ -f "$next.pub" ] || fail "there is no $next with its .pub: run prepare first"
  cp -p "$key" "$old"
  if [ -f "$key.pub" ]; then cp -p "$key.pub" "$old.pub"; fi
  # ssh offers the .pub file's key, whatever the private key is; without one it takes the private key's own. So
  # the old .pub goes first: at no moment do the two disagree.
  rm -f "$key.pub"
  mv -f "$next" "$key"
  mv -f "$next.pub" "$key.pub"
  echo "in use  $key; the old pair is $old and $old.pub"
  echo "Now run: autoheal doctor. When it logs in everywhere, take the old key off the hosts and remove $old and $old.pub."
  ;;
*)
  echo "usage: sh deploy/operations/rotate-key.sh prepare|switch" >&2
  exit 2
  ;;
esac
