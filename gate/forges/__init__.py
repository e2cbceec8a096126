"""Facts about a merge request: from a forge, from the variables of its CI, or from a file."""
