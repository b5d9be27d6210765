# A token that outlives its maker.
vault token create -orphan -policy="background-job-policy" -ttl="168h" -display-name="weekly-batch-processor"
