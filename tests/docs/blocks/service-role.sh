# A role that says how an application's tokens are made.
vault write auth/token/roles/app-service-token \
  allowed_policies="app-secrets-read,app-database-creds" disallowed_policies="admin,root" \
  orphan=true renewable=true token_period="1h" token_explicit_max_ttl="0"
