-- wrk's part of the comparison: posts the accessors of the file named by VTOKEN_ACCESSORS in turn, with the token in
-- VAULT_TOKEN. Every request is put together before the run begins, so that wrk does not pay for it.
local requests, at = {}, 0

function init()
  local headers = {["X-Vault-Token"] = os.getenv("VAULT_TOKEN"), ["X-Vault-Request"] = "true",
                   ["Content-Type"] = "application/json"}
  for accessor in io.lines(os.getenv("VTOKEN_ACCESSORS")) do
    requests[#requests + 1] = wrk.format("POST", "/v1/auth/token/lookup-accessor", headers,
                                         '{"accessor":"' .. accessor .. '"}')
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
