"""Asking a model: engines, prompt, remembered answers. No engine judges; that is `gate.core.ai`'s work."""
