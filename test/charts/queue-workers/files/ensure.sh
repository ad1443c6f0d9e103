#!/bin/sh
# Makes the stream and the workers' consumer where there are none: KEDA looks for both as soon as there is a ScaledJob.
set -eu
# shellcheck source=test/charts/queue-workers/files/nats.sh
. /queue/nats.sh

say 'SUB answers 1'
create() {
  ask "$1" answers "$2"
  hear_message
  hear
  case $line in *'"error"'*) echo "NATS says $line" >&2; exit 1 ;; esac
}
create "\$JS.API.STREAM.CREATE.$STREAM" "{\"name\":\"$STREAM\",\"subjects\":[\"$STREAM.tasks\"],\"storage\":\"memory\",\"retention\":\"limits\"}"
create "\$JS.API.CONSUMER.DURABLE.CREATE.$STREAM.$CONSUMER" "{\"stream_name\":\"$STREAM\",\"config\":{\"durable_name\":\"$CONSUMER\",\"ack_policy\":\"explicit\"}}"
echo "stream $STREAM with consumer $CONSUMER"
