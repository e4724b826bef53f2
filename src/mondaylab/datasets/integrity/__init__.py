"""Whether the rows of an export can be what happened in the quarter: doubled, blank, cut, broken or odd rows refuse."""
