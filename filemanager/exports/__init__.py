"""Exports of data packages: values in, bytes out; no input, no output, no clock."""
