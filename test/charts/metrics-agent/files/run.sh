#!/bin/sh
# Tells its state in Prometheus' text form at /metrics: what it was given to tell, and what it measures each second.
set -eu
mkdir -p /var/agent/www
echo "agent starts in pool ${AGENT_POOL:-}"
httpd -f -p "$PORT" -h /var/agent/www &
while kill -0 $!; do
  {
    cat /agent/samples
    echo '# TYPE agent_heartbeat_timestamp_seconds gauge'
    echo "agent_heartbeat_timestamp_seconds $(date +%s)"
  } >/var/agent/www/next
  mv /var/agent/www/next /var/agent/www/metrics
  sleep 1
done
