"""The hub around it all: jailed servers, cohorts, the exchange, the assistant, and the whole demo."""
