"""Two-step verification: authenticator apps, passkeys and recovery codes."""
