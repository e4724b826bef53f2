"""What a company's tables mean: concepts bound to its columns, and the tables and handbook seen through them."""
