#!/usr/bin/env bash
# Says where an environment is: its namespace, its address, when its namespace ends, and the registry of its images.
# What is given comes first, then what terraform says of it, then a name that no other repository has.
set -euo pipefail

say() { # one line for each, whatever the value holds
  echo "$1=${2//[$'\r\n']/}" >>"$GITHUB_OUTPUT"
}

fill() {
  local text="${1//'{environment}'/$ENVIRONMENT}"
  echo "${text//'{repository-id}'/$GITHUB_REPOSITORY_ID}"
}

seconds() { # of 90s, 30m, 8h, 1h30m or 7d
  [[ "$1" =~ ^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$ ]] || return 1
  local days=${BASH_REMATCH[1]%d} hours=${BASH_REMATCH[2]%h} minutes=${BASH_REMATCH[3]%m} rest=${BASH_REMATCH[4]%s}
  echo $((10#${days:-0} * 86400 + 10#${hours:-0} * 3600 + 10#${minutes:-0} * 60 + 10#${rest:-0}))
}

refuse() {
  echo "::error title=$1::expected a duration such as 90s, 30m, 8h, 1h30m or 7d, got ${2@Q}"
  echo "error-code=bad-input" >>"$GITHUB_OUTPUT"
  exit 1
}

prefix="${NAMESPACE_PREFIX%-}"
own="${prefix:+$prefix-}{environment}-{repository-id}"
say namespace "$(fill "${NAMESPACE_TEMPLATE:-${TERRAFORM_NAMESPACE:-$own}}")"

url="${TERRAFORM_URL:-$(fill "$URL_TEMPLATE")}"
say url "${url%/}"

end="$EXPIRES_AT"
if [[ -z "$end" && -n "$TTL" ]]; then
  span=$(seconds "$TTL") || refuse ttl "$TTL"
  most=$(seconds "${MAX_TTL:-$TTL}") || refuse max-ttl "$MAX_TTL"
  TZ=UTC printf -v end '%(%Y-%m-%dT%H:%M:%SZ)T' $((EPOCHSECONDS + (span < most ? span : most)))
fi
say expires-at "$end"

# The delimiter is one that no value can know beforehand.
delimiter="values-$RANDOM$RANDOM$RANDOM$RANDOM"
printf 'values-yaml<<%s\n%s\n%s\n' "$delimiter" "$(fill "$VALUES_YAML")" "$delimiter" >>"$GITHUB_OUTPUT"

if [[ "$IMAGES" =~ \"repository\"[[:space:]]*:[[:space:]]*\"([^/\"]+)/ ]]; then
  say registry "${BASH_REMATCH[1]}"
fi
