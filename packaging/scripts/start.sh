# shellcheck shell=sh
# Whether the service is started when its package was installed, for every package manager; POSIX sh.
# The script around it has restart_service, and calls bring_up.

configuration=/etc/linux_patch_api/config.yaml
unit=linux-patch-api.service

# What --check says: its exit status, and the manager's address where there is one.
judge() {
    status=0
    judgement=$(timeout 60 /usr/bin/linux-patch-api --check 2>&1 </dev/null) || status=$?
    words=$(printf '%s\n' "$judgement" | sed -n 's/^certificates  *//p; s/^linux-patch-api: error: //p' | head -n 1)
    manager=$(printf '%s\n' "$judgement" | sed -n 's/^manager  *\(https\{0,1\}:.*\)/\1/p')
}

can_run() {
    case $status in
        0|4) return 0 ;;
        2|3|5|6) [ -n "$manager" ] ;;
        *) return 1 ;;
    esac
}

is_active() { systemctl --quiet is-active "$1"; }

# The port of the configuration, as the shipped one is written; 12443 where it is written otherwise.
port() {
    awk '/^[^ #]/ { section = $1 }
        section == "server:" && $1 == "port:" { gsub(/[^0-9]/, "", $2); number = $2; exit }
        END { print number ? number : 12443 }' "$configuration"
}

# Whether anybody listens on it, by the kernel's own tables.
is_held() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf ':%04X' "$(port)")" '
        $4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'
}

# The agent refuses state that another user could change; older packages gave it to a user of their own.
is_foreign() { [ -n "$(find /var/lib/linux_patch_api ! -user root -print -quit 2>/dev/null)" ]; }

# Three commands that lead on from here, on one screen.
guide() {
    echo
    echo "linux-patch-api is installed and enabled; $1"
    echo
    echo "    $2"
    echo "    $3"
    echo "    $4"
    echo
    echo "All of it: /usr/share/doc/linux-patch-api/deployment.md"
    echo
}

guide_by_status() {
    check="linux-patch-api --check"
    start="systemctl start linux-patch-api"
    case $status in
        2) guide "$1: $words, and no enrollment.manager_url is set." \
            "editor $configuration    # set enrollment.manager_url and manager_fingerprint" \
            "$check                   # 2 is right so far: it will enroll by itself" \
            "$start         # then approve this host at the manager" ;;
        6) guide "$1: $words." \
            "timedatectl                               # is the clock right?" \
            "$check                   # 0: it can serve" \
            "$start" ;;
        78) guide "$1: $words" \
            "$check                   # names each line that can't be used" \
            "editor $configuration" \
            "systemctl restart linux-patch-api" ;;
        1) guide "$1: $words" \
            "$check" \
            "sudo patch-doctor                         # keeps the evidence, then explains" \
            "$start" ;;
        *) guide "$1: $words." \
            "$check                   # which file, and why" \
            "editor $configuration    # set enrollment.manager_url, or name other files under tls" \
            "$start" ;;
    esac
}

bring_up() {
    judge
    if is_active "$unit"; then
        # The process of before still has its identity in memory; a new one could not have it.
        serving=$(systemctl show --property=StatusText --value "$unit")
        case $status:$serving in
            78:*|*:listening*)
                if ! can_run; then
                    guide_by_status "the version of before goes on running until it is restarted"
                    return
                fi ;;
        esac
    else
        if is_foreign; then
            guide "not started: not all of /var/lib/linux_patch_api is root's." \
                "chown -R --no-dereference root: /var/lib/linux_patch_api" \
                "linux-patch-api --check" "systemctl start linux-patch-api"
            return
        fi
        if ! is_active linux-patch-api.socket && is_held; then
            guide "not started: another process listens on its port $(port)." \
                "sudo patch-doctor                         # keeps the evidence, then names the process" \
                "sudo patch-doctor remediate               # offers what ends it; nothing is done without your approval" \
                "systemctl start linux-patch-api"
            return
        fi
        if ! can_run; then
            guide_by_status "not started"
            return
        fi
        # A start limit that the version before reached is not this one's.
        systemctl reset-failed "$unit" 2>/dev/null || true
    fi
    if ! restart_service; then
        guide "it did not start." \
            "systemctl status linux-patch-api          # its last words" \
            "sudo patch-doctor                         # keeps the evidence, then explains" \
            "systemctl restart linux-patch-api"
    elif is_active "$unit" && [ -n "$manager" ] && [ "$status" != 0 ] && [ "$status" != 4 ]; then
        echo "linux-patch-api enrolls at $manager: approve this host there; 'systemctl status linux-patch-api' says how far it is."
    fi
}
