#!/bin/sh
# Tells its state in Prometheus' text form at /metrics: what it was given to tell, and what it measures each second.
set -eu
mkdir -p /work/www
echo "agent starts in pool ${AGENT_POOL:-}"
httpd -f -p "$PORT" -h /work/www &
while kill -0 $!; do
  {
    cat /agent/samples
    echo '# TYPE agent_heartbeat_timestamp_seconds gauge'
    echo "agent_heartbeat_timestamp_seconds $(date +%s)"
  } >/work/www/next
  mv /work/www/next /work/www/metrics
  sleep 1
done
