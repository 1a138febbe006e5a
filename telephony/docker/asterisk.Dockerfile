# An Asterisk to try Callwright with: one that takes phones and calls, and nothing else.
# Debian's stable releases have no asterisk package; sid has one.
FROM debian:sid-slim

# The user exists before the package would make it, so that its number is known: that of the user "node" in
# callwright.Dockerfile. What one container writes for the other alone can be read by it.
RUN groupadd --gid 1000 asterisk \
 && useradd --uid 1000 --gid 1000 --home-dir /var/lib/asterisk --no-create-home --shell /usr/sbin/nologin asterisk \
 && apt-get update \
 && apt-get install --yes --no-install-recommends asterisk asterisk-moh-opsound-gsm \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o asterisk -g asterisk /run/asterisk /var/log/asterisk /var/log/asterisk/cdr-csv \
 && install -d -o asterisk -g asterisk -m 700 /recordings

# Our own files in place of Debian's; what is not named here stays as Debian has it.
COPY telephony/docker/asterisk/*.conf /etc/asterisk/
COPY --chmod=755 telephony/docker/asterisk/start.sh /usr/local/bin/start-asterisk
RUN chown -R asterisk:asterisk /etc/asterisk

USER asterisk
WORKDIR /var/lib/asterisk
ENTRYPOINT ["/usr/local/bin/start-asterisk"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=20s --retries=12 \
  CMD asterisk -rx 'core waitfullybooted' | grep -q 'fully booted'
