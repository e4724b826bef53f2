"""What a lab's author writes: lab.toml, and the cells of lab.py."""
