"""The files that we read and write: strict readers, readable writers, errors with file and line."""
