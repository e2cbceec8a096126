"""A release: its steps, what answers for each, and the reasons for its verdict."""
