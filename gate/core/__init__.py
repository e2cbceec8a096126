"""Facts in, verdict out: standard library only, no I/O, no clock."""
