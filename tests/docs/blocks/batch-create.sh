# Two batch tokens: one with a policy and a lifetime, one with metadata too.
vault token create -type=batch -policy=my-policy -ttl=1h
vault token create -type=batch -policy=app-secrets -ttl=30m \
  -metadata=environment=production -metadata=service=api-gateway
