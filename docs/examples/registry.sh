#!/usr/bin/env bash
# A registry that pushes to Jiceng: sign, push, retry. Needs bash, curl and openssl 3.
#
#   export JICENG_URL=https://jiceng.example.gov.cn JICENG_SOURCE=nansha-civil-affairs JICENG_SECRET=whsec_…
#   ./registry.sh push < message.json                # the answer; exit 0 when it was taken
#   ./registry.sh dry-run < message.json             # what would become of it; nothing is kept
#   ./registry.sh sign ID TIMESTAMP < message.json   # a signature, to compare with the vectors
#
# JICENG_SCHEME=v1sm3 signs with HMAC-SM3 instead of HMAC-SHA256.
set -euo pipefail

body=$(mktemp)
answer=$(mktemp)
headers=$(mktemp)
trap 'rm -f "$body" "$answer" "$headers"' EXIT
cat > "$body" # the bytes as they come: what is signed is what is sent

# Standard Webhooks 1.0: a MAC over `id.timestamp.body`.
sign() {
    local scheme=${JICENG_SCHEME:-v1} hash=sha256 key
    [[ $scheme == v1sm3 ]] && hash=sm3
    key=$(printf %s "${JICENG_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
    printf '%s,' "$scheme"
    { printf '%s.%s.' "$1" "$2"; cat "$body"; } |
        openssl dgst "-$hash" -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A
    echo
}

# Send until there is an answer. The id stays, so a repetition has no effect; the time is new each time, so
# each attempt is signed anew: a signature older than 300 seconds is refused.
push() {
    local id=$1 query=${2:-} attempt now status pause
    for attempt in 1 2 3 4 5 6 7 8; do
        now=$(date +%s)
        : > "$headers"
        status=$(curl --silent --max-time 30 --output "$answer" --dump-header "$headers" \
            --write-out '%{http_code}' --data-binary "@$body" \
            --header 'Content-Type: application/json' \
            --header "webhook-id: $id" \
            --header "webhook-timestamp: $now" \
            --header "webhook-signature: $(sign "$id" "$now")" \
            "$JICENG_URL/api/v1/webhooks/registries/$JICENG_SOURCE$query") || status=000
        case $status in
        2??) cat "$answer"; echo; return 0 ;;
        000 | 408 | 425 | 429 | 500 | 502 | 503 | 504) ;; # no answer, or not now: the same id once more
        *) echo "$status $(cat "$answer")" >&2; return 1 ;;
        esac
        pause=$(tr -d '\r' < "$headers" | sed -n 's/^[Rr]etry-[Aa]fter: *//p')
        ((attempt == 8)) || sleep "${pause:-$((2 ** attempt))}"
    done
    echo "$status after 8 attempts" >&2
    return 1
}

# Keep the id with the message in your outbox, so that a later run repeats it and does not send a new one.
new_id() { echo "msg_$(openssl rand -hex 16)"; }

case $1 in
sign) sign "$2" "$3" ;;
push) push "${2:-$(new_id)}" ;;
dry-run) push "${2:-$(new_id)}" '?dry_run=true' ;;
*) echo "usage: $0 push|dry-run [ID] | sign ID TIMESTAMP" >&2; exit 2 ;;
esac
