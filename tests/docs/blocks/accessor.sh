# What an accessor is good for.
vault token lookup -accessor "aGvs.abc123..."
vault token revoke -accessor "aGvs.abc123..."
vault list auth/token/accessors
