# shellcheck shell=sh
systemd-tmpfiles --create patch-doctor.conf 2>/dev/null || :
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || :
    if [ "$fresh" ] && [ -e /usr/lib/systemd/system/patch-doctor-certificates.timer ]; then
        systemctl --quiet enable --now patch-doctor-certificates.timer || :
    fi
fi
