/**
 * What Azure's pod runs for a batch of orders. It is one constant: what is asked lies beside it in files (see
 * `packOrders`), so that no value of anybody's is ever read by a shell.
 *
 * Each order's answer comes as gzip in Base64 between lines of our own, so that an answer which was cut off is told from
 * a short one, and nothing in it is taken for one of these lines. Azure keeps 512 kB of what is printed: an answer that
 * no longer fits is left for the next batch, and told.
 *
 * HTTP goes through `kubectl proxy`, which knows the way and the login, and tells every status as it is; kubectl's own
 * `get --raw` keeps no body of what says no. That the pod's image has curl is (unverified): bash can do it as well.
 */
export const COMMAND_SCRIPT = String.raw`set -u
umask 077
cd mayfly || exit 1
for tool in kubectl gzip base64 xargs; do
  command -v "$tool" >/dev/null 2>&1 || { echo "::missing $tool"; exit 0; }
done
if command -v curl >/dev/null 2>&1; then way=curl
elif command -v bash >/dev/null 2>&1; then way=bash
else echo "::missing curl"; exit 0; fi
if command -v timeout >/dev/null 2>&1; then limited() { timeout "$@"; }
else limited() { shift; "$@"; }; fi

kubectl proxy --port=0 '--reject-paths=^$' >proxy.out 2>proxy.err &
proxy=$!
trap 'kill "$proxy" 2>/dev/null' EXIT
port= tries=0
while [ -z "$port" ]; do
  port=$(grep -o ':[0-9][0-9]*$' proxy.out | head -n 1)
  port=$(echo "$port" | tr -d :)
  tries=$((tries + 1))
  if [ -z "$port" ] && { [ "$tries" -gt 150 ] || ! kill -0 "$proxy" 2>/dev/null; }; then
    echo "::broken $(head -c 2000 proxy.err | gzip -nc | base64 | tr -d '\n')"
    exit 0
  fi
  [ -n "$port" ] || sleep 0.1 2>/dev/null || sleep 1
done

answer() {
  limit=$(cat "$1.limit")
  if [ -f "$1.exec" ]; then
    { limited "$limit" xargs -0 -x -n 10000 sh -c 'out=$1; shift; kubectl "$@" </dev/null; echo $? >"$out.rc"' sh "$1" <"$1.exec" 2>"$1.err"; } |
      { head -c 1048577 >"$1.out"; cat >/dev/null; }
    [ -f "$1.rc" ] || echo 124 >"$1.rc"
    return
  fi
  {
    if [ "$way" = curl ]; then
      curl --disable --silent --show-error --http1.0 --include --raw --globoff --path-as-is --noproxy '*' \
        --connect-to "::127.0.0.1:$port" --max-time "$limit" --config "$1.curl" 2>"$1.err"
    else
      limited "$limit" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && cat "$2" >&3 && cat <&3' bash "$port" "$1.http" 2>"$1.err"
    fi
    echo $? >"$1.rc"
  } | { head -c 67108864 >"$1.out"; cat >/dev/null; }
}

count=0 running=
for file in *.limit; do
  answer "$(basename "$file" .limit)" &
  running="$running $!" count=$((count + 1))
  if [ $((count % 8)) = 0 ]; then wait $running; running=; fi
done
[ -z "$running" ] || wait $running

left=491520
for file in *.limit; do
  name=$(basename "$file" .limit)
  gzip -nc <"$name.out" | base64 | tr -d '\n' >"$name.packed"
  head -c 65600 "$name.err" | gzip -nc | base64 | tr -d '\n' >"$name.told"
  size=$(cat "$name.packed" "$name.told" | wc -c)
  if [ "$((size + 64))" -gt "$left" ]; then
    left=$((left - 64))
    echo "::left $name $size"
    continue
  fi
  left=$((left - size - 64))
  echo "::out $name"; cat "$name.packed"; echo
  echo "::err $name"; cat "$name.told"; echo
  echo "::rc=$(cat "$name.rc") $name"
done
echo "::end"
`;
