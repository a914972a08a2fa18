"""The rules of scripts/tidy, one a file."""
