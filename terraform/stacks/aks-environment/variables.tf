# --- What the action hands over -----------------------------------------------------------------------------------------

variable "environment" {
  description = "The environment's name: `pr-12`, or any name for a shared one. The action sets it."
  type        = string
}

variable "repository" {
  description = "`owner/name` of the repository, for the tags. The action sets it."
  type        = string
  default     = ""
}

variable "repository_id" {
  description = "GitHub's id of the repository; its hash is in every name. The action sets it."
  type        = string
}

variable "head_sha" {
  description = "Commit that is deployed, for the group's tags. The action sets it."
  type        = string
  default     = ""
}

variable "state_key" {
  description = "Key of this environment's state, for the tags. The action sets it."
  type        = string
  default     = ""
}

variable "expires_at" {
  description = "When the environment may be deleted, as RFC 3339 in UTC to the second. Null: never. The action sets it from its `ttl`."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the group, over those made from the variables above. The action sets them, the two TTL tags included. Everything in the group gets those that do not change with each commit or extension."
  type        = map(string)
  default     = {}
}

# --- What a team decides ------------------------------------------------------------------------------------------------

variable "location" {
  description = "Azure region of everything."
  type        = string
}

variable "prefix" {
  description = "What all names begin with: lower-case letters and digits, at most 20, a letter first. The reaper's `name-prefix` fits to it."
  type        = string
  default     = "mayfly"
}

variable "owner" {
  description = "Who is asked about the environment, for the tags."
  type        = string
  default     = ""
}

variable "shared_cluster" {
  description = "A cluster that is already there: its `id`, `oidc_issuer_url`, and `kubelet_object_id` where this environment has a registry of its own. The foundation's output `shared_cluster` has all three. Null: the environment gets its own cluster."
  type = object({
    id                = string
    oidc_issuer_url   = string
    kubelet_object_id = optional(string)
  })
  default = null

  validation {
    condition     = var.shared_cluster == null || can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.ContainerService/managedClusters/[^/]+$", var.shared_cluster.id))
    error_message = "shared_cluster: id: expected /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerService/managedClusters/<name>, got ${jsonencode(var.shared_cluster)}."
  }

  validation {
    condition     = var.shared_cluster == null || var.shared_registry != null || try(var.shared_cluster.kubelet_object_id, null) != null
    error_message = "shared_cluster: its kubelet must be allowed to pull from this environment's own registry: give kubelet_object_id (az aks show --query identityProfile.kubeletidentity.objectId), or shared_registry."
  }
}

variable "shared_registry" {
  description = "A registry that is already there: its `id` and `login_server`, as in the foundation's output `shared_registry`. The environment's own cluster is allowed to pull from it. Null: the environment gets its own registry."
  type = object({
    id           = string
    login_server = string
  })
  default = null

  validation {
    condition     = var.shared_registry == null || can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.ContainerRegistry/registries/[^/]+$", var.shared_registry.id))
    error_message = "shared_registry: id: expected /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<name>, got ${jsonencode(var.shared_registry)}."
  }
}

variable "namespace" {
  description = "Kubernetes namespace that the environment is deployed to; `helm-deploy` makes it. Null: the environment's name in its own cluster, and `<prefix>-<environment>-<hash>` in a shared one, where two repositories may both have a `pr-12`."
  type        = string
  default     = null

  validation {
    condition     = var.namespace == null || can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "namespace: expected at most 63 lower-case letters, digits and hyphens, got \"${coalesce(var.namespace, "null")}\"."
  }
}

variable "service_accounts" {
  description = "Service accounts in that namespace that come to Azure as this environment's workload identity, at most 20. Empty: no identity is made."
  type        = set(string)
  default     = ["workload"]
}

variable "untrusted" {
  description = "Whether the code that runs here is a stranger's, as `deploy-environment` says by `TF_VAR_untrusted`: then no workload identity is made, whatever `service_accounts` says."
  type        = bool
  default     = false
}

variable "key_vault_enabled" {
  description = "Whether the environment has a key vault, whose secrets its workload identity reads."
  type        = bool
  default     = true
}

variable "key_vault_public_network_access_enabled" {
  description = "Whether the vault answers from the internet. Without it, a private endpoint of yours is the only way, and the vault is made two minutes faster."
  type        = bool
  default     = true
}

variable "url" {
  description = "Address of the environment, where it is known beforehand; `{environment}` becomes its name as a DNS label (`https://{environment}.preview.example.com`). Empty: later steps find it."
  type        = string
  default     = ""

  validation {
    condition     = var.url == "" || can(regex("^https?://\\S+$", var.url))
    error_message = "url: expected an address that begins with https:// or http://, or nothing, got \"${var.url}\"."
  }
}

# --- The environment's own cluster; modules/aks checks these ----------------------------------------------------------------

variable "kubernetes_version" {
  description = "`1.34` for its newest patch, or `1.34.2`. Null: what AKS recommends when the cluster is made."
  type        = string
  default     = null
}

variable "sku_tier" {
  description = "`Free`, `Standard` or `Premium` of the control plane."
  type        = string
  default     = "Free"
}

variable "system_pool" {
  description = "The first pool: `vm_size`, and `node_count`, or `min_count` and `max_count` for the autoscaler. Also `zones`, `labels`, `max_pods`, `os_disk_size_gb`, `max_surge` (nodes added during an upgrade: `1` or `10%`), and `only_critical_addons` to keep your own pods out."
  type = object({
    vm_size              = optional(string, "Standard_D2s_v5")
    node_count           = optional(number)
    min_count            = optional(number)
    max_count            = optional(number)
    zones                = optional(set(string))
    labels               = optional(map(string), {})
    max_pods             = optional(number)
    os_disk_size_gb      = optional(number)
    max_surge            = optional(string, "10%")
    only_critical_addons = optional(bool, false)
  })
  default = { node_count = 2 }
}

variable "node_pools" {
  description = "Further pools by their names: as `system_pool`, and `mode` (`User`, `System`), `taints` (`key=value:NoSchedule`), `spot`, and `spot_max_price`. With the autoscaler, `min_count` may be 0."
  type = map(object({
    vm_size         = string
    mode            = optional(string, "User")
    node_count      = optional(number)
    min_count       = optional(number)
    max_count       = optional(number)
    zones           = optional(set(string))
    labels          = optional(map(string), {})
    taints          = optional(list(string), [])
    max_pods        = optional(number)
    os_disk_size_gb = optional(number)
    max_surge       = optional(string, "10%")
    spot            = optional(bool, false)
    spot_max_price  = optional(number, -1)
  }))
  default = {}

  validation {
    condition     = var.shared_cluster == null || length(var.node_pools) == 0
    error_message = "node_pools: a shared cluster's pools are not this environment's. Give node_pools or shared_cluster."
  }
}

variable "subnet_id" {
  description = "Subnet of yours for all nodes. Null: AKS makes a network."
  type        = string
  default     = null
}

variable "pod_cidr" {
  description = "Range of the pods' addresses (Azure CNI overlay). Null: pods get addresses of the subnet."
  type        = string
  default     = "10.244.0.0/16"
}

variable "service_cidr" {
  description = "Range of the services' addresses; the cluster's DNS is its tenth."
  type        = string
  default     = "10.0.0.0/16"
}

variable "authorized_ip_ranges" {
  description = "From where the API server answers, as CIDR ranges. Empty: from everywhere. GitHub's hosted runners have no fixed addresses."
  type        = set(string)
  default     = []
}

variable "private_cluster_enabled" {
  description = "Whether the API server has an address only inside the cluster's network."
  type        = bool
  default     = false
}

variable "app_routing_enabled" {
  description = "Whether AKS runs its managed nginx ingress."
  type        = bool
  default     = true
}

variable "keda_enabled" {
  description = "Whether AKS runs its managed KEDA."
  type        = bool
  default     = false
}

variable "key_vault_secrets_provider_enabled" {
  description = "Whether AKS runs the CSI driver that mounts secrets of key vaults."
  type        = bool
  default     = false
}

variable "deployer_object_id" {
  description = "Object id of whoever deploys into the cluster. Null: whoever applies. Give it where a plan is made by one identity and applied by another, or their roles are replaced each time."
  type        = string
  default     = null
}

variable "admin_principals" {
  description = "Who else may do everything in the environment's own cluster, by a name of your own: `object_id`, and `type` (`ServicePrincipal`, `User`, `Group`)."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))
  default = {}

  validation {
    condition     = !contains(keys(var.admin_principals), "deployer")
    error_message = "admin_principals: the name deployer is taken by whoever applies; deployer_object_id says who that is."
  }
}
