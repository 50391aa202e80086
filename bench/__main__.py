"""Prints every figure of the budgets in docs/architecture.md; exits with 1 where a count breaks one."""

import sys

from bench import fairness, names, photos, plan, push, refresh, requests, webhooks


def main() -> int:
    """Run all measurements, the ones that need no database first."""
    broken = names.main()
    broken += plan.main()
    broken += photos.main()
    with refresh.throw_away_database():
        broken += refresh.main()
        broken += requests.main()
    broken += webhooks.main()
    broken += push.main()
    broken += fairness.main()
    for line in broken:
        sys.stdout.write(f"BROKEN: {line}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
