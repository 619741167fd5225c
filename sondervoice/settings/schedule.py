"""What the clock asks for, and how often, in seconds or as a time of day in UTC."""

from typing import Any, Final

from celery.schedules import crontab

SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "run-waiting-jobs": {"task": "kernel.run_waiting", "schedule": 10.0},
    "run-slow-jobs": {"task": "kernel.run_slow", "schedule": 10.0},
    "end-lost-calls": {"task": "telephony.end_lost_calls", "schedule": 10.0},
    "find-left-spools": {"task": "recordings.find_left_spools", "schedule": 60.0},
    "clear-old-tries": {"task": "accounts.clear_old_tries", "schedule": 3600.0},
    "clear-finished": {"task": "telephony.clear_finished", "schedule": 3600.0},
    "clear-sessions": {"task": "accounts.clear_sessions", "schedule": 3600.0},
    "clear-machines": {"task": "accounts.clear_machines", "schedule": 3600.0},
    "watch-gateway-token": {
        "task": "accounts.watch_gateway_token",
        "schedule": 3600.0,
    },
    "watch-leavings": {"task": "accounts.watch_leavings", "schedule": 3600.0},
    "seal-apps-anew": {"task": "accounts.seal_apps_anew", "schedule": 3600.0},
    "check-sso-domains": {"task": "accounts.check_sso_domains", "schedule": 3600.0},
    "clear-joining": {"task": "accounts.clear_joining", "schedule": 3600.0},
    "seal-ledger": {"task": "compliance.seal_ledger", "schedule": 5.0},
    # A look, the outbox and a letter are well within the minute we promise.
    "watch-record": {"task": "compliance.watch_record", "schedule": 20.0},
    "mail-checkpoints": {"task": "compliance.mail_checkpoints", "schedule": 3600.0},
    # Once a day; the other times stand in for who died.
    "verify-record": {"task": "compliance.verify_record", "schedule": 600.0},
    "drop-old-months": {"task": "compliance.drop_old_months", "schedule": 86_400.0},
    # At 03:00 UTC; the other times stand in for who died, and look for what is late.
    "purge": {"task": "compliance.purge", "schedule": crontab(hour=3, minute=0)},
    "purge-again": {"task": "compliance.purge", "schedule": crontab(minute="*/10")},
    "watch-holds": {"task": "compliance.watch_holds", "schedule": 3600.0},
    # Once a night; the other times stand in for who died.
    "count-statistics": {
        "task": "telephony.count_statistics",
        "schedule": 1800.0,
    },
    "backup": {"task": "compliance.backup", "schedule": crontab(minute="*/10")},
    "drill": {"task": "compliance.drill", "schedule": 3600.0},
    "closings": {"task": "compliance.closings", "schedule": 600.0},
    "clear-askings": {"task": "compliance.clear_askings", "schedule": 3600.0},
    "watch-registration": {
        "task": "compliance.watch_registration",
        "schedule": 3600.0,
    },
    "watch-rights": {"task": "compliance.watch_rights", "schedule": 600.0},
    "anchor-ledger": {"task": "compliance.anchor_ledger", "schedule": 300.0},
    "rotate-keys": {"task": "compliance.rotate_keys", "schedule": 3600.0},
    "copy-keys": {"task": "compliance.copy_keys", "schedule": 3600.0},
    "make-audit-partitions": {
        "task": "compliance.make_audit_partitions",
        "schedule": 3600.0,
    },
}
