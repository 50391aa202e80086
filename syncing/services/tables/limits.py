"""What a table may take. No Django here."""

MOST_BYTES = 10 * 1024 * 1024
# Of the process that reads it, in memory and processor time; by the clock it may take longer.
CHILD_MEMORY_BYTES = 265 * 1024 * 1024
CHILD_SECONDS = 30
LONGEST_RUN = 90.0
