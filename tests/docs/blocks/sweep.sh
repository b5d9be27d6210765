#!/bin/bash
# Revokes every token that holds one policy.
POLICY_TO_REVOKE="compromised-app-policy"
for accessor in $(vault list -format=json auth/token/accessors | jq -r '.[]'); do
  policies=$(vault token lookup -accessor "$accessor" -format=json 2>/dev/null | jq -r '.data.policies[]')
  if echo "$policies" | grep -q "$POLICY_TO_REVOKE"; then
    echo "Revoking token with accessor: $accessor"
    vault token revoke -accessor "$accessor"
  fi
done
echo "Revocation complete"
