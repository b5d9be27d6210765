# A service token with a policy, a lifetime and a name.
vault token create -policy="app-secrets-read" -ttl="24h" -display-name="my-application"
