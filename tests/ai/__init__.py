"""Tests of the review by a model: pure parts, recorded answers, and the real program against a model of ours."""
