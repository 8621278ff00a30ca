"""``git-upload-pack`` over HTTP, protocol v0 (gitprotocol-pack, gitprotocol-http)."""
