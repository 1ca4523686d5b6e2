#!/bin/sh
# A docker that costs next to nothing, for benchmarks: it notes the time of each call, answers inspect from a
# stored file, and for a restart only moves StartedAt there.
now=$(date -u '+%s%N %Y-%m-%dT%H:%M:%S.%NZ')
echo "${now%% *} $*" >>"$LAB_STUB/calls"
for word; do :; done
id=$word
[ -f "$LAB_STUB/$word.id" ] && read -r id <"$LAB_STUB/$word.id"
file=$LAB_STUB/$id.json
if [ ! -f "$file" ]; then
  case $1 in restart) echo "Error response from daemon: No such container: $word" >&2 ;;
    *) echo '[]' && echo "Error: No such container: $word" >&2 ;;
  esac
  exit 1
fi
case $1 in
  inspect | container) cat "$file" ;;
  restart)
    sed "s/\"StartedAt\": \"[^\"]*\"/\"StartedAt\": \"${now#* }\"/" "$file" >"$file.new" && mv "$file.new" "$file"
    echo "$word"
    ;;
  *) echo "docker: the stub does not do $1" >&2 && exit 1 ;;
esac
