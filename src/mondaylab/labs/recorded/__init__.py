"""What models answered, kept as it came: texts in `answers`, and in `baselines` how they judge rows."""
