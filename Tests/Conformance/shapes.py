"""What the manager's parser takes, no more: JSON as serde reads it into the types of its client."""

import datetime
import json
import re
import uuid


class Wrong(Exception):
    """An answer that the manager would not take."""


def document(data):
    """One JSON document of RFC 8259: no NaN, no name twice in an object, nothing behind it."""

    def members(pairs):
        names = [name for name, _ in pairs]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise Wrong(f"an object has a name twice: {sorted(twice)}")
        return dict(pairs)

    def refuse(word):
        raise Wrong(f"{word} is no JSON")

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=members, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"no JSON ({error}): {data[:120]!r}") from None


def text(value, at):
    if not isinstance(value, str):
        raise Wrong(f"{at} is no string: {value!r}")


def flag(value, at):
    if not isinstance(value, bool):
        raise Wrong(f"{at} is neither true nor false: {value!r}")


def integer(low, high):
    def check(value, at):
        # true is an int to Python, and 45.0 no integer to serde.
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Wrong(f"{at} is no integer from {low} to {high}: {value!r}")

    return check


u8, u32, u64 = (integer(0, 2**bits - 1) for bits in (8, 32, 64))
i64 = integer(-(2**63), 2**63 - 1)

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def time(value, at):
    text(value, at)
    if not RFC3339.fullmatch(value):
        raise Wrong(f"{at} is no time of RFC 3339 with an offset: {value!r}")
    try:
        datetime.datetime.fromisoformat(value[:19])
    except ValueError as error:
        raise Wrong(f"{at} is no time ({error}): {value!r}") from None


def identifier(value, at):
    text(value, at)
    try:
        if str(uuid.UUID(value)) == value.lower():
            return
    except ValueError:
        pass
    raise Wrong(f"{at} is no UUID: {value!r}")


def one_of(*words):
    def check(value, at):
        if value not in words:
            raise Wrong(f"{at} is none of {', '.join(words)}: {value!r}")

    return check


def anything(value, at):
    pass


def array(element):
    def check(value, at):
        if not isinstance(value, list):
            raise Wrong(f"{at} is no array: {value!r}")
        for index, item in enumerate(value):
            element(item, f"{at}[{index}]")

    return check


def shape(required, optional=None, defaulted=None):
    """`optional` may be absent or null; `defaulted` may be absent, and null is an error (serde's `default`)."""

    def check(value, at):
        if not isinstance(value, dict):
            raise Wrong(f"{at} is no object: {value!r}")
        for name, rule in required.items():
            if value.get(name) is None:
                raise Wrong(f"{at}.{name} is {'null' if name in value else 'missing'}")
            rule(value[name], f"{at}.{name}")
        for name, rule in (optional or {}).items():
            if value.get(name) is not None:
                rule(value[name], f"{at}.{name}")
        for name, rule in (defaulted or {}).items():
            if name in value:
                rule(value[name], f"{at}.{name}")

    return check


STATUSES = ("queued", "running", "succeeded", "completed", "failed", "cancelled")
# A manager takes no notice of `pending`, which is what a job that waits should be to it.
status = one_of("pending", *STATUSES)

health = shape(
    {"status": text, "uptime_seconds": u64, "version": text},
    {"crl_status": text, "crl_age_seconds": i64, "crl_next_update": text, "gpg_key_status": text,
     "gpg_key_expires_at": text})
system = shape(
    {"hostname": text, "os": text, "os_version": text, "kernel": text, "architecture": text, "pending_reboot": flag},
    {"last_update_check": time, "last_update_apply": time}, {"package_db_clean": flag})
package = shape(
    {"name": text, "version": text, "status": one_of("Installed", "Upgradable", "Available", "NotInstalled"),
     "description": text, "upgradable": flag},
    {"latest_version": text}, {"cve_ids": array(text)})
packages = shape({"packages": array(package), "total": u64})
patch = shape(
    {"name": text, "current_version": text, "available_version": text, "severity": text, "description": text,
     "requires_reboot": flag},
    {}, {"cve_ids": array(text)})
patches = shape({"patches": array(patch), "total": u64, "security_updates": u64, "requires_reboot": flag})
# A UUID, since one query of the manager reads it as that.
receipt = shape({"job_id": identifier, "status": status})
job = shape(
    {"job_id": identifier, "status": status},
    {"progress_percent": u8, "output": text, "error": text, "started_at": time, "completed_at": time})
jobs = shape({"jobs": array(shape(
    {"job_id": identifier, "status": status, "operation": text, "created_at": time}, {"completed_at": time})),
    "total": u64})
service = shape(
    {"name": text, "display_name": text, "active_state": text, "sub_state": text, "load_state": text,
     "enabled_state": text, "healthy": flag},
    {"main_pid": u32})
frame = shape({"job_id": text, "status": text}, {"output": text, "error": text, "progress_percent": u8})

fault = shape({"code": text, "message": text}, {"details": anything}, {"retryable": flag})
envelope = shape(
    {"success": flag, "request_id": identifier, "timestamp": time}, {"data": anything, "error": fault})
