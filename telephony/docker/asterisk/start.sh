#!/bin/sh
# Writes what the environment decides, then becomes Asterisk.
#   PHONE_PASSWORD  of the phones "caller" and "agent"
#   PHONE_ADDRESS   at which the phones reach this Asterisk; told to them, for they cannot see into the container
set -eu
umask 077

# What could end a value or begin a section in Asterisk's configuration does not get in.
case ${PHONE_PASSWORD:?is not set} in
  *[!A-Za-z0-9_.-]*) echo 'PHONE_PASSWORD: only letters, digits and _ . - may stand in it' >&2; exit 2 ;;
esac
case ${PHONE_ADDRESS:?is not set} in
  *[!0-9A-Fa-f.:]*) echo 'PHONE_ADDRESS: an IP address, such as 192.0.2.10' >&2; exit 2 ;;
esac

run=${RUN_FOLDER:-/run/asterisk}
printf 'external_signaling_address = %s\nexternal_media_address = %s\n' "$PHONE_ADDRESS" "$PHONE_ADDRESS" > "$run/address.conf"
printf 'password = %s\n' "$PHONE_PASSWORD" > "$run/password.conf"

exec asterisk -f -T "$@"
