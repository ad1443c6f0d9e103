#!/bin/sh
# Runs a program for as long as somebody holds the other end of stdin, and then removes every trace of it. Whoever
# started it may end by SIGKILL: the kernel closes the pipe all the same.
#
#   leash.sh <folder> <grace seconds> <isolated|plain> <bridge|-> <address|-> <program> [argument…]
#
# The program's output goes to <folder>/log; the folder goes last, when stdin is closed. "ended" on stdout
# says that the program is not there any more. `isolated` (needs root) gives it
# namespaces of its own for mounts and processes, so that what it mounted and started ends with it, however it ends; what
# it writes to /etc and /run stays inside. A bridge is made for it, with this address, and removed after.
set -u

folder=$1 grace=$2 isolation=$3 bridge=$4 address=$5
exec 3<&0
# Caught, not ignored: a program would inherit that. The end of stdin is the only word that counts.
trap : HUP INT TERM

# until_closed: waits for the end of stdin.
until_closed() {
  while read -r _ <&3; do :; done
}

# say_ended: in a shell of its own, since nobody may be there to hear it, and writing would be the end of this one.
say_ended() {
  (echo ended) 2>/dev/null || :
}

# on_leash <program…>: runs it until it ends, or until stdin does: then it gets SIGTERM, and SIGKILL after the grace.
# Should even this shell be killed, the kernel kills the program.
on_leash() {
  setpriv --pdeathsig KILL "$@" </dev/null >>"$folder/log" 2>&1 3<&- &
  program=$!
  (
    until_closed
    kill -TERM "$program" 2>/dev/null
    waited=0
    while kill -0 "$program" 2>/dev/null && [ "$waited" -lt $((grace * 10)) ]; do
      sleep 0.1
      waited=$((waited + 1))
    done
    kill -KILL "$program" 2>/dev/null
  ) &
  watcher=$!
  while kill -0 "$program" 2>/dev/null; do wait "$program" 2>/dev/null; done
  kill -KILL "$watcher" 2>/dev/null
}

# remove_cgroups <name>: those of containers that were killed rather than stopped. A group is empty a moment after its
# last process has ended.
remove_cgroups() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    left=$(find /sys/fs/cgroup -depth -type d -path "*/$1*" -print -exec rmdir {} \; 2>/dev/null)
    [ -n "$left" ] || return 0
    sleep 0.05
  done
}

# shadow <directory>: what is written there from now on is seen in this namespace only, and held in memory.
shadow() {
  [ -d "$1" ] || return 0
  name=$(basename "$1")
  mkdir -p "$folder/shadow/$name" "$folder/shadow/$name.work" &&
    mount -t overlay -o "lowerdir=$1,upperdir=$folder/shadow/$name,workdir=$folder/shadow/$name.work" overlay "$1"
}

# hide <directory>: dockerd would take the machine's own containerd, and work outside of its namespaces.
hide() {
  [ -d "$1" ] || return 0
  mount -t tmpfs tmpfs "$1"
}

case $isolation in
inside)
  # The first process of the namespaces. When it ends, the kernel kills what is left in them.
  shift 5
  {
    mkdir -p "$folder/shadow" && mount -t tmpfs tmpfs "$folder/shadow" && shadow /etc && shadow /run && hide /run/containerd
  } >>"$folder/log" 2>&1 || exit 1
  on_leash "$@"
  ;;
isolated)
  shift 5
  if [ "$bridge" != - ]; then
    {
      ip link add name "$bridge" type bridge && ip address add "$address" dev "$bridge" && ip link set "$bridge" up
    } >>"$folder/log" 2>&1
  fi
  setpriv --pdeathsig KILL \
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
    sh "$0" "$folder" "$grace" inside - - "$@" <&3 >>"$folder/log" 2>&1 &
  namespaces=$!
  while kill -0 "$namespaces" 2>/dev/null; do wait "$namespaces" 2>/dev/null; done
  say_ended
  until_closed
  [ "$bridge" = - ] || ip link delete "$bridge" 2>/dev/null
  remove_cgroups "$(basename "$folder")"
  rm -rf "$folder"
  ;;
*)
  shift 5
  on_leash "$@"
  say_ended
  until_closed
  rm -rf "$folder"
  ;;
esac
