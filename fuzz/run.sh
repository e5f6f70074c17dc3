#!/usr/bin/env bash
# Fuzzes every target for the given number of seconds (600 by default), one after the other, and says how many runs each made.
#
#     cargo install cargo-fuzz && fuzz/run.sh 600 [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
shift || true
# the instrumentation is unstable; the stable compiler has it too
export RUSTC_BOOTSTRAP=1
fuzz/seeds.sh
read -r -a targets <<<"${*:-$(cargo fuzz list | tr '\n' ' ')}"
for target in "${targets[@]}"; do
    log=$(mktemp)
    cargo fuzz run "$target" -- -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=30 -max_len=65536 \
        -dict=fuzz/cadrage.dict -print_final_stats=1 >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
    echo "$target: $(grep -o 'number_of_executed_units: [0-9]*' "$log" | grep -o '[0-9]*') runs"
done
