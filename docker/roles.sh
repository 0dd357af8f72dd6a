#!/bin/sh
# The two roles and the database, made when the volume is empty.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$LINKAGE_OWNER_PASSWORD" -v app="$LINKAGE_APP_PASSWORD" <<'SQL'
CREATE ROLE linkage_owner LOGIN PASSWORD :'owner';
CREATE ROLE linkage_app LOGIN PASSWORD :'app';
CREATE DATABASE linkage OWNER linkage_owner;
SQL
