"""Tests of reading git."""
