-- wrk's part of the comparison: posts one and the same creation, which VTOKEN_CREATION holds, with the token in
-- VAULT_TOKEN. The request is put together before the run begins, so that wrk does not pay for it.
local creation

function init()
  local headers = {["X-Vault-Token"] = os.getenv("VAULT_TOKEN"), ["X-Vault-Request"] = "true",
                   ["Content-Type"] = "application/json"}
  creation = wrk.format("POST", "/v1/auth/token/create", headers, os.getenv("VTOKEN_CREATION"))
end

function request()
  return creation
end
