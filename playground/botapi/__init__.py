"""The Bot API as bots see it over HTTP: reading requests, one module per family of methods, answers and errors."""
