#!/bin/sh
# A throw-away PostgreSQL cluster in a temporary folder, on a unix socket only.  What it
# commits outlives its processes, however they end, but not the machine: fsync is off. A test asks
# most statements once or twice: each is planned once, not anew for every value.
#   pg.sh start DIR   makes it (DIR must not exist), with a database world; prints the URL
#   pg.sh stop DIR    stops it and removes DIR;  pg.sh halt DIR / pg.sh resume DIR: without removing
set -eu
bin=${BAUTA_PG_BIN:-/usr/lib/postgresql/15/bin}
act=$1
dir=$2

as_pg() { # initdb and postgres refuse to run as root
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

resume() {
    as_pg "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -s \
        -o "-c listen_addresses= -c unix_socket_directories=$dir" start </dev/null
}

case $act in
start)
    mkdir -m 755 "$dir"
    [ "$(id -u)" != 0 ] || chown postgres "$dir"
    as_pg "$bin/initdb" -D "$dir/data" -U bauta -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
    as_pg sh -c "cat >>$dir/data/postgresql.conf" <<END
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
plan_cache_mode = force_generic_plan
max_connections = 100
shared_buffers = 64MB
unix_socket_permissions = 0777
END
    resume
    "$bin/createdb" -h "$dir" -U bauta world
    echo "postgres://bauta@/world?host=$dir"
    ;;
resume) resume ;;
halt) as_pg "$bin/pg_ctl" -D "$dir/data" -m "${3:-immediate}" -w -s stop ;;
stop)
    as_pg "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop || true
    rm -rf "$dir"
    ;;
*)
    echo "pg.sh start|stop|halt|resume DIR" >&2
    exit 2
    ;;
esac
