# Two machines for services and queue workers alike; an upgrade adds one more for its time.
location = "westeurope"
prefix   = "queue" # the foundation's: the reaper looks at no other names
owner    = "team-queue"

kubernetes_version = "1.34"

system_pool = {
  vm_size    = "Standard_D2s_v5"
  node_count = 2
  max_surge  = "1"
}

# The chart brings its own KEDA; with AKS's, there would be two.
keda_enabled = false

# Both service accounts come to Azure as the environment's workload identity.
service_accounts = ["api", "worker"]

url = "https://{environment}.preview.example.com"
