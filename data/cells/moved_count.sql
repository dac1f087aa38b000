-- moved_count: how many deals are behind one movement between two snapshots; begins with moved_pairs.
SELECT COUNT(*) AS deals FROM pairs WHERE {kept}
