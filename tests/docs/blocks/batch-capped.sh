# Asked for by a token that has two hours left.
vault token create -type=batch -ttl=4h
