#!/bin/sh
# Restores the newest backup of an unsealed vault directory, with all of the log that follows it on its timeline, into an
# empty directory. Needs sh, find, sed, awk, sort, tar, zstd and the coreutils; not Continuity, and not PostgreSQL.
#
#   sh restore-by-hand.sh VAULT DIRECTORY [SYSTEM]
#
# VAULT      the vault's directory
# DIRECTORY  where the data directory is to be; must be empty or not there
# SYSTEM     the cluster's system identifier; only where the vault holds more than one
#
# Every digest is checked before anything is used. Ends with status 0 only when all that the backup needs was there.
# docs/format-postgres.md describes what is read here.
set -eu
LC_ALL=C
export LC_ALL
umask 077

fail() {
    echo "restore-by-hand: $*" >&2
    exit 1
}

[ $# -eq 2 ] || [ $# -eq 3 ] || fail "expected VAULT DIRECTORY [SYSTEM]"
for tool in find sed awk sort tar zstd sha256sum; do
    command -v "$tool" >/dev/null || fail "no $tool on this machine"
done
vault=$(cd "$1" && pwd) || fail "no vault in $1"
mkdir -p "$2"
target=$(cd "$2" && pwd)
[ -z "$(find "$target" -mindepth 1 -maxdepth 1 | sed 1q)" ] || fail "$target is not empty"

# The content of an object, after its digest was checked against the vault's own record.
checked() {
    [ -f "$vault/$1/content" ] || fail "object $1 is not in the vault"
    [ "$(sed -n 's/^# name: //p' "$vault/$1/content.sha256")" = "$1" ] || fail "object $1 carries another name"
    (cd "$vault/$1" && sha256sum --check --quiet content.sha256 >&2) || fail "object $1 is damaged"
    echo "$vault/$1/content"
}

# The whole field of that name on a line of its own.
field() {
    sed -n "s/^  \"$1\" : \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$record" | sed 1q
}

systems=$(find "$vault/pg" -mindepth 1 -maxdepth 1 -type d ! -name '.*' | sed 's|.*/||' | sort)
if [ $# -eq 3 ]; then
    system=$3
else
    system=$systems
    [ "$(echo "$systems" | wc -l)" -eq 1 ] || fail "the vault holds several clusters, name one:" $systems
fi
cluster=pg/$system

# A backup is one only when its record is there. Names begin with the time of the backup.
backup=$(find "$vault/$cluster/base" -mindepth 3 -maxdepth 3 -path '*/backup.json/content' |
    sed 's|.*/\([^/]*\)/backup.json/content$|\1|' | sort | sed -n '$p')
[ -n "$backup" ] || fail "no backup of $system in the vault"
record=$(checked "$cluster/base/$backup/backup.json")
[ "$(sed -n '1s/^{.*/json/p' "$record")" = json ] || fail "backup $backup is sealed; open it with its key first"
[ "$(field format)" = 1 ] || fail "backup $backup has format $(field format), expected 1"
timeline=$(printf '%08x' "$(field timeline)")
start=$((0x$(field start)))
stop=$((0x$(field stop)))
segment=$(field segmentSize)
echo "restoring backup $backup of $system" >&2

# Each object by name and digest, as the record has them; then each archive to its place.
sed -n 's/^    "name" : "\(.*\)",$/name \1/p; s/^    "sha256" : "\(.*\)",$/sha256 \1/p' "$record" |
    awk '$1 == "name" { name = $2 } $1 == "sha256" { print $2, name }' |
    while read -r digest object; do
        content=$(checked "$object") || exit 1
        echo "$digest  $content" | sha256sum --check --quiet >&2 || fail "object $object is not that of the record"
        case ${object##*/} in
        data.tar.zst)
            zstd -q -d -c "$content" | tar -x -f - -C "$target" --no-same-owner || fail "object $object does not unpack"
            ;;
        esac
    done
[ -f "$target/backup_label" ] && [ -f "$target/global/pg_control" ] || fail "the backup has no data directory"
chmod 700 "$target"

# Tablespaces come to lie beside the data directory; the server makes the links from tablespace_map.
map=
for content in $(find "$vault/$cluster/base/$backup" -path '*/tablespace-*.tar.zst/content' | sort); do
    oid=$(echo "$content" | sed 's|.*/tablespace-\([0-9]*\)\.tar\.zst/content$|\1|')
    place=$target-tablespaces/$oid
    mkdir -p "$place"
    [ -z "$(find "$place" -mindepth 1 -maxdepth 1 | sed 1q)" ] || fail "$place is not empty"
    zstd -q -d -c "$content" | tar -x -f - -C "$place" --no-same-owner || fail "tablespace $oid does not unpack"
    map="$map$oid $place
"
done
[ -z "$map" ] || printf '%s' "$map" >"$target/tablespace_map"

# The log: pieces put together from the start of the backup's segment on, up to the first position that is missing.
at=$((start - start % segment))
names=$(find "$vault/$cluster/log/$timeline" -mindepth 1 -maxdepth 1 -name '*.wal.zst' | sed 's|.*/||' | sort)
for name in $names; do
    from=$((0x${name%%-*}))
    to=${name#*-}
    to=$((0x${to%%.*}))
    [ "$to" -gt "$at" ] || continue
    [ "$from" -le "$at" ] || break
    number=$((at / segment))
    file=$(printf '%s%08x%08x' "$timeline" $((number / (4294967296 / segment))) $((number % (4294967296 / segment))) |
        tr abcdef ABCDEF)
    content=$(checked "$cluster/log/$timeline/$name") || exit 1
    zstd -q -d -c "$content" >"$target/.piece" || fail "piece $name does not unpack"
    [ "$(wc -c <"$target/.piece")" -eq $((to - from)) ] || fail "piece $name has another length than its name says"
    tail -c "+$((at - from + 1))" "$target/.piece" >>"$target/pg_wal/$file"
    at=$to
done
rm -f "$target/.piece"
[ "$at" -ge "$stop" ] || fail "the log is missing from $(printf '%016x' "$at") on, which the backup needs up to $(field stop)"
find "$target/pg_wal" -maxdepth 1 -type f -name '????????????????????????' -exec truncate -s "$segment" {} +
for history in $(find "$vault/$cluster/timeline" -mindepth 1 -maxdepth 1 -name '*.history' 2>/dev/null | sort); do
    name=$(basename "$history" .history)
    [ "$((0x$name))" -le "$((0x$timeline))" ] || {
        echo "the vault also has timeline $name, which is not followed" >&2
        continue
    }
    content=$(checked "$cluster/timeline/$name.history") || exit 1
    cp "$content" "$target/pg_wal/$(echo "$name" | tr abcdef ABCDEF).history"
done

# Recovery to the end of what is there. The copy must not write into its source's archive, nor wait for its standbys.
cat >>"$target/postgresql.auto.conf" <<'SETTINGS'
restore_command = 'false'
recovery_target_timeline = 'current'
archive_mode = 'off'
synchronous_standby_names = ''
SETTINGS
: >"$target/recovery.signal"
sync
printf 'restored into %s, log up to %016x; start a server there, of version %s\n' "$target" "$at" "$(field version)" >&2
