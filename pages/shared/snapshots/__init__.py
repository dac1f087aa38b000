"""Exports of several days: which two are compared, what moved between them, and what each page says of it."""
