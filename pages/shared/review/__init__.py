"""The parts of the Review page: what was recognised, corrections to it, and what they change."""
