"""Which version this is; the build reads it here too."""

VERSION = "1.0.0.dev0"
