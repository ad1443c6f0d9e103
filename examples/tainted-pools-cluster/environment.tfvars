# A small pool for AKS's own pods, and seven others that grow from nothing. Each is tainted, so that only what tolerates its
# taint lands there, and labelled alike, so that it can be asked for.
location = "westeurope"
prefix   = "pools" # the foundation's: the reaper looks at no other names
owner    = "team-pools"

system_pool = {
  vm_size              = "Standard_D2s_v5"
  min_count            = 1
  max_count            = 3
  only_critical_addons = true
}

node_pools = {
  web = {
    vm_size   = "Standard_D4s_v5"
    min_count = 1
    max_count = 4
    zones     = ["1", "2", "3"]
    labels    = { workload = "web" }
    taints    = ["workload=web:NoSchedule"]
  }
  api = {
    vm_size   = "Standard_D4s_v5"
    min_count = 1
    max_count = 6
    zones     = ["1", "2", "3"]
    labels    = { workload = "api" }
    taints    = ["workload=api:NoSchedule"]
  }
  workers = {
    vm_size   = "Standard_D8s_v5"
    min_count = 0
    max_count = 10
    labels    = { workload = "workers" }
    taints    = ["workload=workers:NoSchedule"]
  }
  batch = {
    vm_size        = "Standard_D8s_v5"
    min_count      = 0
    max_count      = 20
    spot           = true
    spot_max_price = -1 # no limit but the regular price
    labels         = { workload = "batch" }
    taints         = ["workload=batch:NoSchedule"]
  }
  memory = {
    vm_size   = "Standard_E8s_v5"
    min_count = 0
    max_count = 4
    max_pods  = 60
    labels    = { workload = "memory" }
    taints    = ["workload=memory:NoSchedule"]
  }
  data = {
    vm_size         = "Standard_E4s_v5"
    min_count       = 0
    max_count       = 3
    os_disk_size_gb = 256
    labels          = { workload = "data" }
    taints          = ["workload=data:NoSchedule", "stateful=true:NoExecute"]
  }
  gpu = {
    vm_size   = "Standard_NC4as_T4_v3"
    min_count = 0
    max_count = 2
    max_surge = "1" # quota for these is small
    labels    = { workload = "gpu" }
    taints    = ["workload=gpu:NoSchedule"]
  }
}

service_accounts = ["workload"]
