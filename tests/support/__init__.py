"""What several suites share: plain modules. Where they hold fixtures, a conftest says where these are in force."""
