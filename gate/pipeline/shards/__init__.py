"""One scan on several runners: each scans its share and writes a shard, and all shards stand in for the scanners."""
