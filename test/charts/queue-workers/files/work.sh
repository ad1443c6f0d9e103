#!/bin/sh
# Takes one task (JSON-RPC 2.0) from the consumer, does it, and publishes its result.
set -eu
me=$(hostname)
# shellcheck source=test/charts/queue-workers/files/nats.sh
. /worker/nats.sh

say "SUB inbox.$me 1"
ask "\$JS.API.CONSUMER.MSG.NEXT.$STREAM.$CONSUMER" "inbox.$me" '{"batch":1,"expires":10000000000}'
hear_message
head=$line
case $head in
  HMSG*)
    hear
    case $line in
      # Somebody else has it.
      "NATS/1.0 404"* | "NATS/1.0 408"*) echo "no task"; exit 0 ;;
      "NATS/1.0 "*) echo "NATS has no consumer $CONSUMER of $STREAM: ${line#NATS/1.0 }" >&2; exit 1 ;;
    esac
    until [ -z "$line" ]; do hear; done
    ;;
esac
hear
task=$line
# shellcheck disable=SC2086 # the words of the line: MSG <subject> <sid> <reply> …
set -- $head
reply=$4

field() { printf '%s' "$task" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
id=$(field id)
method=$(field method)
text=$(field text)
echo "task $id: $method"
sleep "$WORK_SECONDS"
case $method in
  upper) answer="\"result\":{\"text\":\"$(printf '%s' "$text" | tr '[:lower:]' '[:upper:]')\",\"worker\":\"$me\"}" ;;
  *) answer='"error":{"code":-32601,"message":"Method not found"}' ;;
esac
publish "$RESULTS.$id" "{\"jsonrpc\":\"2.0\",\"id\":\"$id\",$answer}"
publish "$reply" +ACK
# What came before is done when this is answered.
say PING
until hear; [ "$line" = PONG ]; do :; done
echo "task $id: done"
