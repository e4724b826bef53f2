"""The formats that come with mondaylab, one a module, each with its script and style sheet beside it."""
