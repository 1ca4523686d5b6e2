#!/bin/sh
# Stand-ins for programs of a host that a lab either can't do without (getent and pg_isready answer what the
# scene says) or that the machine it runs on may lack. The first argument is the program's name.
program=$1
shift
case $program in
  getent)
    [ "$1" = hosts ] && [ $# -eq 2 ] || exit 1
    while read -r name address; do
      [ "$name" = "$2" ] && printf '%-15s %s\n' "$address" "$name" && exit 0
    done <"$LAB_NAMES"
    exit 2
    ;;
  pg_isready)
    host=localhost port=5432
    while getopts h:p: option; do
      case $option in
        h) host=$OPTARG ;;
        p) port=$OPTARG ;;
        *) exit 3 ;;
      esac
    done
    while read -r name state; do
      [ "$name" = "$host" ] || continue
      echo "$host:$port - $state connections"
      [ "$state" = accepting ] && exit 0
      exit 1
    done <"$LAB_DATABASES"
    echo "$host:$port - no response"
    exit 2
    ;;
  uptime) echo ' 03:00:00 up 42 days,  3:07,  0 users,  load average: 0.42, 0.23, 0.05' ;;
  free)
    echo '               total        used        free      shared  buff/cache   available'
    echo 'Mem:           15884        6021        1045         310        8818        9240'
    echo 'Swap:              0           0           0'
    ;;
  ss) echo 'State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process' ;;
  systemctl)
    for unit; do case $unit in status | is-active | -*) ;; *) break ;; esac done
    [ "$1" = is-active ] && echo inactive && exit 3
    echo "Unit $unit could not be found." >&2
    exit 4
    ;;
  journalctl) echo '-- No entries --' ;;
esac
