# shellcheck shell=sh
# After installation or upgrade on systems without deb-systemd-helper; `fresh` is set where no version was there before.
restart_service() { systemctl restart linux-patch-api.service; }
systemd-tmpfiles --create linux-patch-api.conf 2>/dev/null || :
if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
if [ "$fresh" ]; then systemctl --quiet enable linux-patch-api.service || :; fi
if [ -d /run/systemd/system ] && systemctl --quiet is-enabled linux-patch-api.service; then bring_up; fi
