"""One engine a file: each gets a prompt in front of a model and brings back what it said, unjudged."""
