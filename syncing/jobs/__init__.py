"""The life of a sync job: triggers, schedule, lifecycle, heartbeat, approval and the runner."""
