"""Logs, counters, heartbeats and error reports of every process."""
