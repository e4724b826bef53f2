"""Raw exports to snapshots: the demo company, the sanitizing policy, and the loader that labs read through."""
