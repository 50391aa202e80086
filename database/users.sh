#!/bin/sh
# Prints the SQL that gives each role of compose.yaml a database user with the rights that it needs.
# MariaDB runs it at every start (--init-file), so a new password in .env takes effect with a restart.
#
#     evosync         migrate: makes and changes tables; backups and restores. Its password: MARIADB_PASSWORD
#     evosync_web     web: reads and writes rows. MARIADB_WEB_PASSWORD
#     evosync_worker  worker, bulk, scheduler: reads and writes rows. MARIADB_WORKER_PASSWORD
#
# None may read or write files, see other databases, or give rights to anybody.
set -eu

user() {
    name="$1" password="$2" rights="$3"
    case "$password" in
        '' | *[!A-Za-z0-9]*)
            echo "The password of $name must be letters and digits, at least one." >&2
            exit 1
            ;;
    esac
    cat <<SQL
CREATE USER IF NOT EXISTS $name@'%' IDENTIFIED BY '$password';
ALTER USER $name@'%' IDENTIFIED BY '$password';
REVOKE ALL PRIVILEGES, GRANT OPTION FROM $name@'%';
GRANT $rights ON evosync.* TO $name@'%';
SQL
}

rows='SELECT, INSERT, UPDATE, DELETE'
user evosync "${MARIADB_PASSWORD:-}" "$rows, CREATE, ALTER, DROP, INDEX, REFERENCES, LOCK TABLES, CREATE TEMPORARY TABLES, TRIGGER, CREATE VIEW, SHOW VIEW"
user evosync_web "${MARIADB_WEB_PASSWORD:-}" "$rows"
user evosync_worker "${MARIADB_WORKER_PASSWORD:-}" "$rows"
