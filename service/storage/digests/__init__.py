"""The facts of digests, the kept ones and their schedules."""
