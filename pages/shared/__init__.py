"""What every page shares: words, numbers, the address, filters, errors and the look."""
