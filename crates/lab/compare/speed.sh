#!/usr/bin/env bash
# Words a CPU-second of khabar and of other programs on the same articles, in turns, so that a busy machine slows all alike:
# speed.sh ROUNDS COMMAND...
# Each COMMAND is one string. Prints what each says, then the median of each.
set -euo pipefail
rounds=$1
shift
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for round in $(seq "$rounds"); do
  for command in "$@"; do
    bash -c "$command" 2>&1 | grep --line-buffered 'CPU-second' | tee -a "$out"
  done
done
echo "medians:"
sed -E 's/: .* ([0-9]+) words a CPU-second.*/\t\1/' "$out" | sort -t "$(printf '\t')" -k1,1 -k2,2n | awk -F '\t' '
  $1 != name { if (n) print name ": " v[int((n + 1) / 2)]; name = $1; n = 0 }
  { v[++n] = $2 }
  END { if (n) print name ": " v[int((n + 1) / 2)] }'
