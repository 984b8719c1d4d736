"""What everything else stands on: errors, limits, fields of specs, names in words, one cache, uploads."""
