#!/bin/sh
# NATS' own protocol over busybox's nc, for scripts that read this one: `$line` is the last line that was heard.
pipes=${TMPDIR:-/tmp}
mkdir -p "$pipes"
mkfifo "$pipes/said" "$pipes/heard"
nc "$NATS_HOST" "$NATS_PORT" <"$pipes/said" >"$pipes/heard" &
exec 3>"$pipes/said" 4<"$pipes/heard"

say() { printf '%s\r\n' "$@" >&3; }
publish() { say "PUB $1 ${#2}" "$2"; }
ask() { say "PUB $1 $2 ${#3}" "$3"; }
hear() {
  IFS= read -r line <&4 || { echo "NATS has ended the connection" >&2; exit 1; }
  line=${line%"$(printf '\r')"}
  case $line in
    -ERR*) echo "NATS says $line" >&2; exit 1 ;;
    PING) say PONG; hear ;;
  esac
}
hear_message() { until hear; case $line in MSG*|HMSG*) true ;; *) false ;; esac; do :; done; }

say 'CONNECT {"verbose":false,"headers":true,"no_responders":true}'
