# A token that can be renewed for ever.
vault token create -policy="long-running-service" -period="1h" -display-name="eternal-worker"
