"""Tests of the gate; folders mirror `gate/` path for path."""
