"""The world behind the playground: people, bots, chats and messages, and the rules between them; no HTTP."""
