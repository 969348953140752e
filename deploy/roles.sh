#!/usr/bin/env bash
# The two roles and the database, made once when the container's cluster is new (the embedded server makes the
# same: app/postgres/cluster.py).
set -euo pipefail

psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 \
    --set owner_password="$JICENG_OWNER_PASSWORD" --set app_password="$JICENG_APP_PASSWORD" <<'SQL'
CREATE ROLE jiceng_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE jiceng_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE jiceng_app SET statement_timeout = '5s';
ALTER ROLE jiceng_app SET lock_timeout = '2s';
ALTER ROLE jiceng_app SET idle_in_transaction_session_timeout = '15s';
CREATE DATABASE jiceng OWNER jiceng_owner;
SQL
