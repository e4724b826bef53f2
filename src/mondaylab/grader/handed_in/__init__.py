"""What was handed in: notebooks read as they are, put right, and searched for answers in odd places."""
