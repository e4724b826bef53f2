"""Where learner code runs: a process without network, files or neighbours, and one namespace a submission."""
