"""The life of builds from quarter to quarter: checked, compared, released, rolled back."""
