#!/bin/sh
# A stand-in for local-invoke: prints, for each file of its arguments, the file's second line, and to standard error
# what local-invoke does. DIE ends it with an error, WAIT until it is killed. With `thumbnail` it prints a picture for
# each file, of PICTURE_BYTES.
echo "$@" >>"$(dirname "$0")/commands"
number=0
picture=AAAA
[ -z "$PICTURE_BYTES" ] || picture=$(printf "%0${PICTURE_BYTES}d" 0)
for path; do
  case $path in *.jpg) ;; *) continue ;; esac
  if [ "$1" = thumbnail ]; then
    printf '{"path":"x","thumbnail":"data:image/jpeg;base64,%s"}\n' "$picture"
    continue
  fi
  line=$(sed -n 2p "$path")
  if [ "$line" = DIE ]; then echo 'Error: it has died' >&2; exit 3; fi
  if [ "$line" = WAIT ]; then echo waiting >"$(dirname "$0")/waiting"; exec sleep 600; fi
  number=$((number + 1))
  printf '{"level":"INFO","requestId":"%s","endpointMilliseconds":40}\n' "$number" >&2
  printf 'REPORT RequestId: %s\tDuration: 46.50 ms\tBilled Duration: 47 ms\t\n' "$number" >&2
  printf '%s\n' "$line"
done
