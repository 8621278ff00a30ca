"""Where clients put bytes by leave of ours, straight into the store."""
