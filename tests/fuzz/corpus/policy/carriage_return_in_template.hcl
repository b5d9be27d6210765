path "kv/e" { capabilities = {} }
path "kv/$${f}" { capabilities = ["read"] }
path "kv/${gpath A"kv/*" {
  capabilities = ["create",
 "update", "rea=d", "delete", "list"]
  allowed_parameters = {
    "any" = []
    "one" =H ["x"]
    "some" = ["x", "y"]
    "Mixed" = ["A"]
  }
}
}" { capabilities = ["read"] }
path "kv/h" { capabilities = [
  "read", # fir}t
  "list"
  ] }
