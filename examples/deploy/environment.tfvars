# Of terraform/stacks/aks-environment. With what `terraform output shared_cluster` and `shared_registry` of the foundation
# print, an environment is a namespace and takes seconds; without, it is a cluster of its own and takes ten minutes.
location         = "westeurope"
prefix           = "shop"
service_accounts = ["workload"]
# shared_cluster  = { … }
# shared_registry = { … }
