#!/bin/sh
# The first process of the node's namespaces: when it ends, however it ends, the kernel ends every process, mount, interface and
# firewall rule of the node with it.
#
#   namespaces.sh <home>
#
# What programs write outside of <home> goes to memory, and is seen in here only. "ready" on stdout says that programs can start.
set -eu
home=$1
memory=$home/memory

# shadow <directory>: as it is on this machine, and what is written from now on is held in memory.
shadow() {
  [ -d "$1" ] || return 0
  name=$(echo "$1" | tr / -)
  mkdir -p "$memory/$name/upper" "$memory/$name/work"
  mount -t overlay -o "lowerdir=$1,upperdir=$memory/$name/upper,workdir=$memory/$name/work" overlay "$1"
}

# pretend <path below /proc/sys> <value>: the kubelet reads these, and writes those that it does not like for the whole machine.
pretend() {
  [ -e "/proc/sys/$1" ] || return 0
  echo "$2" >"$memory/$(echo "$1" | tr / -)"
  mount --bind "$memory/$(echo "$1" | tr / -)" "/proc/sys/$1"
}

mkdir -p "$memory" && mount -t tmpfs tmpfs "$memory"
# The home may lie in one of the directories that are covered now: it must stay the real one.
mkdir "$memory/home" && mount --bind "$home" "$memory/home"
shadow /etc
shadow /opt
shadow /var
mount -t tmpfs tmpfs /run
pretend vm/overcommit_memory 1
pretend vm/panic_on_oom 0
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
pretend kernel/keys/root_maxkeys 1000000
pretend kernel/keys/root_maxbytes 25000000

mkdir -p "$home" && mount --move "$memory/home" "$home"
mount --make-rshared /
ip link set lo up
echo ready

# Whose parent has ended becomes a child of this process, and is collected while it waits.
while :; do
  sleep 86400 &
  wait $! || :
done
