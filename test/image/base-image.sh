#!/bin/sh
# Makes an image named like the one that the Dockerfile stands on, of this machine's own files: the packages of a
# smallest Debian with their place in dpkg's database, so that apt-get works in it, and Node with npm. No registry is
# asked. The machine's way to packages (apt's sources, npm's settings, certificates) goes along.
#
#   sh test/image/base-image.sh IMAGE        (DOCKER_HOST says which engine)
set -eu
image=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What is essential, apt, what Node and TLS need, and all that those depend on.
names=$(dpkg-query -W -f '${Package} ${Essential} ${Priority}\n' |
  awk '$2 == "yes" || $3 == "required" { print $1 }')
wanted=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks \
  --no-replaces --no-enhances $names apt libstdc++6 debian-archive-keyring openssl ca-certificates |
  sed -n 's/^\([a-z0-9][a-z0-9+.-]*\)\(:[a-z0-9]*\)\{0,1\}$/\1/p' | sort -u)
packages=$(for name in $wanted; do
  dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$name" 2>/dev/null | awk '$1 == "ii" { print $2 }'
done | sort -u)

# shellcheck disable=SC2086 # a list of names
dpkg-query -L $packages | grep -v '^diverted by\|^package diverts' | sort -u > "$scratch/files"
for name in $packages; do ls /var/lib/dpkg/info/"$name".* /var/lib/dpkg/info/"$name":*.* 2>/dev/null || true; done >> "$scratch/files"
# Not owned by a package: accounts, the way to packages, folders.
printf '%s\n' /etc/passwd /etc/group /etc/shadow /etc/hosts /etc/nsswitch.conf \
  /etc/apt /etc/ssl/certs /usr/local/share/ca-certificates /tmp /var/tmp /dev /proc /sys /run /root >> "$scratch/files"
awk 'NR == FNR { keep[$1] = 1; next } /^Package: / { on = ($2 in keep) } on || /^$/' \
  - /var/lib/dpkg/status <<LIST > "$scratch/status"
$packages
LIST

root=$scratch/root
mkdir "$root"
# The merged /usr: dpkg knows files by their old places.
for name in bin sbin lib lib64; do
  mkdir -p "$root/usr/$name"
  ln -s "usr/$name" "$root/$name"
done
# A folder is made, not copied with all that this machine has in it.
while IFS= read -r path; do
  case $path in
  /etc/apt | /etc/ssl/certs | /usr/local/share/ca-certificates) find "$path" 2>/dev/null || true ;;
  *) if [ -e "$path" ] || [ -h "$path" ]; then echo "$path"; fi ;;
  esac
done < "$scratch/files" | sed -E 's#^/(bin|sbin|lib|lib64)(/|$)#/usr/\1\2#; s#^/##' | sort -u |
  tar -C / --no-recursion -c -T - | tar -C "$root" -x
mkdir -p "$root/var/lib/dpkg" "$root/usr/local/bin" "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
cp "$scratch/status" "$root/var/lib/dpkg/status"
chmod 1777 "$root/tmp"

node=$(command -v node)
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
cp -L "$node" "$root/usr/local/bin/node"
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
# Libraries of a Node that is not the official build.
ldd "$node" | awk '/=> \// { print $3 }' | while IFS= read -r library; do
  [ -e "$root$library" ] || { mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"; }
done
{
  printf 'registry=%s\n' "$(npm config get registry)"
  cafile=$(npm config get cafile)
  if [ -f "$cafile" ]; then printf 'cafile=%s\n' "$cafile"; fi
} > "$root/usr/local/etc/npmrc"
# The official image's user 1000 is called node.
sed -i '/:x:1000:/d' "$root/etc/passwd" "$root/etc/group"
echo 'node:x:1000:1000::/home/node:/bin/bash' >> "$root/etc/passwd"
echo 'node:x:1000:' >> "$root/etc/group"

tar -C "$root" -c . | docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$image"
