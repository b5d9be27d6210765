# A role whose tokens are batch tokens, and a token by that role.
vault write auth/token/roles/ci-batch \
  allowed_policies="ci-secrets" orphan=false token_type="batch" token_ttl="30m" token_max_ttl="1h"
vault token create -role=ci-batch
