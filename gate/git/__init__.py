"""Reading a git repository that nobody vouches for."""

from gate.git.objects import TreeEntry
from gate.git.repository import MAX_FILE_BYTES, Repository

__all__ = ["MAX_FILE_BYTES", "Repository", "TreeEntry"]
