#!/bin/sh
# A lab container's program. It waits for lines on its standard input (no loop turns without one) and ends when
# the input ends, so that nothing is left behind when the lab is killed. Health answers go to descriptor 3.
name=$1
case $2 in
  ignores-sigterm) trap '' TERM ;;
  *) trap 'echo "$name: stopping"; exit 0' TERM ;;
esac
echo "$name: started"
while read -r order rest; do
  case $order in
    ping) [ "$2" = never-healthy ] || echo pong >&3 ;;
    die)
      echo "$name: fatal: giving up with exit code $rest" >&2
      exit "$rest"
      ;;
  esac
done
