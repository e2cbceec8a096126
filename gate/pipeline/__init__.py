"""One run, top to bottom: facts from the edges, the core's decision, a Run for the reports.

Each command imports its own module: what the others need is not loaded.
"""
