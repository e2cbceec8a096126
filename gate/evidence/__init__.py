"""Where records of verdicts are kept: folders and databases behind one port, and the bundle of a release."""
