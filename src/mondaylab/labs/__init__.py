"""The lab factory: what authors write, claims on data, forms drawn from it, and the quarterly build."""
