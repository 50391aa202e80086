"""Makes a merchant's VK shop equal to the till: refresh, plan, publish."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from accounts.models import User
from connections.clients.error_catalog import lookup
from connections.clients.errors import ClientError
from connections.clients.service import Service
from evosync.common import clock
from syncing.core.choices import ActionKind
from syncing.jobs.lifecycle import request_sync, stop_job
from syncing.jobs.runner import LONG, run_to_end
from syncing.management.commands._merchant import (
    BAD_USAGE,
    DONE,
    FAILED,
    ITEM_ERRORS,
    NEEDS_APPROVAL,
    Progress,
    find_merchant,
)
from syncing.models import SyncConfig, SyncJob
from syncing.services.dry_run import dry_run
from syncing.services.errors import CannotSync
from syncing.services.safety_messages import sentence
from syncing.services.settings import AUTO, config_for, rules_of

Status = SyncJob.Status
# A dry run lists so many steps and counts the others.
LISTED = 50
EXIT_CODES = {
    Status.SUCCESS: DONE,
    Status.PARTIAL: ITEM_ERRORS,
    Status.NEEDS_APPROVAL: NEEDS_APPROVAL,
}


class Command(BaseCommand):
    help = "Sync one merchant's till to VK, or all enabled merchants'."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", metavar="EMAIL")
        parser.add_argument("--all", action="store_true", help="every merchant who switched the sync on")
        parser.add_argument(
            "--dry-run", action="store_true", help="read till and VK, show the plan, write nothing anywhere"
        )
        parser.add_argument("--no-refresh", action="store_true", help="do not read the till first")
        parser.add_argument("--approve", action="store_true", help="pass the safety check")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["email"]) == options["all"]:
            raise CommandError("Name one merchant's email, or --all.", returncode=BAD_USAGE)
        if options["email"]:
            user = find_merchant(options["email"])
            code, answer = self._one(user, options)
            self._hint_at_switch(user, options)
        else:
            users = [config.user for config in SyncConfig.objects.enabled().select_related("user")]
            results = [self._one(user, options) for user in users]
            code = max((code for code, _ in results), default=DONE)
            answer = {
                "jobs": [
                    {"email": user.email, **found} for user, (_, found) in zip(users, results, strict=True)
                ]
            }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if code:
            raise SystemExit(code)

    def _one(self, user: User, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            return self._dry_run(user, options) if options["dry_run"] else self._run(user, options)
        except CannotSync as error:
            return self._failure(options, error.code, error.text)
        except ClientError as error:
            row = lookup(error.code)
            return self._failure(options, error.code, f"{row.text} {row.next_step}".strip())

    def _run(self, user: User, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        config = config_for(user)
        if config.confirmed_at is None:
            config.confirmed_at = clock.now()
            config.save(update_fields=["confirmed_at"])
        job = request_sync(user, trigger=SyncJob.Trigger.COMMAND)
        with Progress(quiet=options["verbosity"] == 0) as progress:
            run_options = replace(
                LONG, refresh=not options["no_refresh"], approve=options["approve"], progress=progress
            )
            try:
                job = run_to_end(job, options=run_options)
            except KeyboardInterrupt:
                stop_job(job)
                raise SystemExit(130) from None
        if not options["json"]:
            self._describe(job)
        return EXIT_CODES.get(Status(job.status), FAILED), self._answer(job)

    def _dry_run(self, user: User, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        plan = dry_run(user, refresh=not options["no_refresh"])
        counts = Counter(action.kind for action in (*plan.actions, *plan.second_items))
        reasons = Counter(skip.reason for skip in plan.skipped)
        answer = {
            "status": (Status.NEEDS_APPROVAL if plan.questions else Status.SUCCESS).value,
            "created": counts[ActionKind.CREATE],
            "updated": counts[ActionKind.UPDATE] + counts[ActionKind.RESTORE],
            "hidden": counts[ActionKind.HIDE],
            "deleted": counts[ActionKind.REMOVE],
            "skipped": len(plan.skipped),
            "unchanged": plan.unchanged,
            "skipped_by_reason": dict(sorted(reasons.items())),
            "questions": [sentence(q.code, q.count, q.total) for q in plan.questions],
        }
        if not options["json"]:
            self.stdout.write("The plan, nothing was written:")
            self._write_counts(answer)
            for action in plan.actions[:LISTED]:
                self.stdout.write(f"  {action.kind.value:8} {action.name}{_changes(action.changes)}")
            if len(plan.actions) > LISTED:
                self.stdout.write(f"  … and {len(plan.actions) - LISTED} more")
        return (NEEDS_APPROVAL if plan.questions else DONE), answer

    def _hint_at_switch(self, user: User, options: dict[str, Any]) -> None:
        """Say that later changes of the till will not reach VK by themselves, and what changes that."""
        if not options["json"] and not rules_of(user).is_enabled:
            self.stdout.write(
                f"Automatic sync is off. To switch it on: manage.py configure {user.email} {AUTO}=on"
            )

    def _failure(self, options: dict[str, Any], code: str, text: str) -> tuple[int, dict[str, Any]]:
        self.stderr.write(f"{code}: {text}")
        return FAILED, {
            "job": None,
            "status": Status.FAILED.value,
            "errors": [{"product": None, "code": code, "text": text}],
        }

    def _answer(self, job: SyncJob) -> dict[str, Any]:
        errors = [
            {"product": item.product_evotor_id, "code": item.error_code, "text": item.error_text}
            for item in job.items.failed()
        ]
        if job.error_code and job.status != Status.NEEDS_APPROVAL:
            errors.append({"product": "", "code": job.error_code, "text": job.error_detail})
        status = (
            Status.FAILED if not job.is_finished or job.status == Status.CANCELLED else Status(job.status)
        )
        answer = {
            "job": job.pk,
            "status": status.value,
            "created": job.items_created,
            "updated": job.items_updated,
            "hidden": job.items_hidden,
            "deleted": job.items_deleted,
            "skipped": job.items_skipped,
            "unchanged": job.items_unchanged,
            "errors": errors,
            "skipped_by_reason": job.skipped_by_reason,
            "requests": job.requests,
        }
        if job.questions:
            answer["questions"] = [sentence(*question) for question in job.questions]
        return answer

    def _describe(self, job: SyncJob) -> None:
        answer = self._answer(job)
        self.stdout.write(f"Job {job.pk}: {answer['status']}")
        self._write_counts(answer)
        for error in answer["errors"]:
            self.stdout.write(f"  error {error['code']} {error['product']}: {error['text']}")
        requests = job.requests
        if requests:
            self.stdout.write(
                f"  requests: VK {requests[Service.VK]} (lower bound {requests['vk_lower_bound']}), "
                f"uploads {requests['uploads']}, Evotor {requests[Service.EVOTOR]}"
            )
        if job.status == Status.NEEDS_APPROVAL:
            self.stdout.write("Nothing was written in VK. To carry this plan out: sync --approve")

    def _write_counts(self, answer: dict[str, Any]) -> None:
        names = ("created", "updated", "hidden", "deleted", "skipped", "unchanged")
        self.stdout.write("  " + ", ".join(f"{name} {answer[name]}" for name in names))
        for reason, number in answer["skipped_by_reason"].items():
            self.stdout.write(f"    left out, {reason}: {number}")
        for question in answer.get("questions", ()):
            self.stdout.write(f"  ? {question}")


def _changes(changes: Any) -> str:
    return "".join(f" · {name}: {old} → {new}" for name, (old, new) in changes.items())
