"""The Mini App of every bot: signed-in visitors, the shell's files, and the page itself."""
