"""What every process of ours stands on: what is asked of Linux, pinned processes, messages between them."""
