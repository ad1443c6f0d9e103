variable "name" {
  description = "Name of the cluster: 1 to 63 letters, digits, hyphens and underscores, a letter or digit at both ends."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([\\w-]{0,61}[A-Za-z0-9])?$", var.name))
    error_message = "name: expected 1 to 63 letters, digits, hyphens and underscores, a letter or digit at both ends, got \"${var.name}\"."
  }
}

variable "resource_group_name" {
  description = "Group that the cluster belongs to."
  type        = string
}

variable "location" {
  description = "Azure region of the cluster."
  type        = string
}

variable "dns_prefix" {
  description = "What the API server's name begins with: 1 to 54 letters, digits and hyphens. Null: the cluster's name, cut."
  type        = string
  default     = null

  validation {
    condition     = var.dns_prefix == null || can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$", var.dns_prefix))
    error_message = "dns_prefix: expected 1 to 54 letters, digits and hyphens, a letter or digit at both ends, got \"${coalesce(var.dns_prefix, "null")}\"."
  }
}

variable "node_resource_group" {
  description = "Name of the group that AKS makes for the nodes. Null: AKS's own, `MC_<group>_<cluster>_<location>`. The reaper never touches `MC_*`."
  type        = string
  default     = null

  validation {
    condition     = var.node_resource_group == null || can(regex("^[-\\w._()]{0,79}[-\\w_()]$", var.node_resource_group))
    error_message = "node_resource_group: expected at most 80 letters, digits, hyphens, underscores, periods and parentheses, no period last, got \"${coalesce(var.node_resource_group, "null")}\"."
  }
}

variable "kubernetes_version" {
  description = "`1.34` for its newest patch, or `1.34.2`. Null: what AKS recommends when the cluster is made, and never changed by terraform after that."
  type        = string
  default     = null

  validation {
    condition     = var.kubernetes_version == null || can(regex("^1\\.\\d+(\\.\\d+)?$", var.kubernetes_version))
    error_message = "kubernetes_version: expected 1.<minor> or 1.<minor>.<patch>, got \"${coalesce(var.kubernetes_version, "null")}\"."
  }
}

variable "automatic_upgrade_channel" {
  description = "`patch`, `rapid`, `node-image` or `stable`. Null: the cluster stays on its version, as suits one that lives for days."
  type        = string
  default     = null

  validation {
    condition     = var.automatic_upgrade_channel == null || contains(["patch", "rapid", "node-image", "stable"], coalesce(var.automatic_upgrade_channel, "null"))
    error_message = "automatic_upgrade_channel: expected one of patch, rapid, node-image, stable, or null, got \"${coalesce(var.automatic_upgrade_channel, "null")}\"."
  }
}

variable "sku_tier" {
  description = "`Free`, `Standard` or `Premium` of the control plane. Free has no promise of being up."
  type        = string
  default     = "Free"

  validation {
    condition     = contains(["Free", "Standard", "Premium"], var.sku_tier)
    error_message = "sku_tier: expected one of Free, Standard, Premium, got \"${var.sku_tier}\"."
  }
}

variable "tenant_id" {
  description = "Tenant whose identities log in to the cluster. There is no other way in: local accounts are off."
  type        = string
}

variable "admin_group_object_ids" {
  description = "Groups of Entra's that may do everything in the cluster, whatever roles they have in Azure."
  type        = list(string)
  default     = []
}

variable "admin_principals" {
  description = "Who gets credentials and may do everything in the cluster (Azure Kubernetes Service Cluster User Role and RBAC Cluster Admin), by a name of your own: `object_id`, and `type` (`ServicePrincipal`, `User`, `Group`), which an identity that was just made needs. Whoever deploys belongs here."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))
  default = {}
}

variable "system_pool" {
  description = "The first pool, which AKS's own pods need: `vm_size`, and `node_count`, or `min_count` and `max_count` for the autoscaler. Also `zones`, `labels`, `max_pods`, `os_disk_size_gb`, `max_surge` (nodes added during an upgrade: `1` or `10%`), and `only_critical_addons` to keep your own pods out."
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

  validation {
    condition = (
      var.system_pool.node_count != null
      ? var.system_pool.min_count == null && var.system_pool.max_count == null && coalesce(var.system_pool.node_count, 0) >= 1
      : try(var.system_pool.min_count >= 1 && var.system_pool.max_count >= var.system_pool.min_count, false)
    )
    error_message = "system_pool: expected node_count (1 or more), or min_count (1 or more) and max_count (no less) for the autoscaler, and not both, got ${jsonencode(var.system_pool)}."
  }

  validation {
    condition     = can(regex("^([1-9]\\d*|[1-9]\\d?%|100%)$", var.system_pool.max_surge))
    error_message = "system_pool: max_surge: expected a number of nodes or a share (\"1\", \"10%\"), got \"${var.system_pool.max_surge}\"."
  }
}

variable "node_pools" {
  description = "Further pools by their names (1 to 12 lower-case letters and digits): as `system_pool`, and `mode` (`User`, `System`), `taints` (`key=value:NoSchedule`), `spot` (with Spot's own taint and label, which are added), and `spot_max_price`. With the autoscaler, `min_count` may be 0."
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
    condition     = alltrue([for name, pool in var.node_pools : can(regex("^[a-z][a-z0-9]{0,11}$", name)) && !contains(["system", "systemtmp"], name)])
    error_message = "node_pools: expected names of 1 to 12 lower-case letters and digits, a letter first, and neither system nor systemtmp (the first pool's), got ${jsonencode(keys(var.node_pools))}."
  }

  validation {
    condition = alltrue([
      for pool in var.node_pools : (
        pool.node_count != null
        ? pool.min_count == null && pool.max_count == null && coalesce(pool.node_count, -1) >= 0
        : try(pool.min_count >= 0 && pool.max_count >= pool.min_count && pool.max_count >= 1, false)
      )
    ])
    error_message = "node_pools: each needs node_count, or min_count and max_count (no less, 1 at least) for the autoscaler, and not both."
  }

  validation {
    condition = alltrue([
      for pool in var.node_pools : alltrue([
        for taint in pool.taints : can(regex("^([a-z0-9.-]+/)?[A-Za-z0-9]([\\w.-]*[A-Za-z0-9])?=([A-Za-z0-9]([\\w.-]*[A-Za-z0-9])?)?:(NoSchedule|PreferNoSchedule|NoExecute)$", taint))
      ])
    ])
    error_message = "node_pools: taints: expected key=value:NoSchedule, key=value:PreferNoSchedule or key=value:NoExecute, got ${jsonencode({ for name, pool in var.node_pools : name => pool.taints })}."
  }

  validation {
    condition = alltrue([
      for pool in var.node_pools : contains(["User", "System"], pool.mode) && (!pool.spot || pool.mode == "User")
    ])
    error_message = "node_pools: mode: expected User or System, and User for Spot, got ${jsonencode({ for name, pool in var.node_pools : name => pool.mode })}."
  }

  validation {
    condition     = alltrue([for pool in var.node_pools : pool.spot_max_price == -1 || (pool.spot && pool.spot_max_price > 0)])
    error_message = "node_pools: spot_max_price: expected a price above 0 in US dollars per hour, or -1 for no limit, and only with spot, got ${jsonencode({ for name, pool in var.node_pools : name => pool.spot_max_price })}."
  }

  validation {
    condition     = alltrue([for pool in var.node_pools : can(regex("^([1-9]\\d*|[1-9]\\d?%|100%)$", pool.max_surge))])
    error_message = "node_pools: max_surge: expected a number of nodes or a share (\"1\", \"10%\"), got ${jsonencode({ for name, pool in var.node_pools : name => pool.max_surge })}."
  }

  validation {
    condition     = alltrue([for pool in var.node_pools : alltrue([for label in keys(pool.labels) : !startswith(label, "kubernetes.azure.com/")])])
    error_message = "node_pools: labels: kubernetes.azure.com/ is AKS's own, and Spot's label is added by itself."
  }
}

variable "subnet_id" {
  description = "Subnet of yours for all nodes; the cluster's identity then needs Network Contributor on it. Null: AKS makes a network in the nodes' group."
  type        = string
  default     = null
}

variable "pod_cidr" {
  description = "Range of the pods' addresses (Azure CNI overlay). Null: pods get addresses of the subnet, which must be large enough for `max_pods` on each node."
  type        = string
  default     = "10.244.0.0/16"

  validation {
    condition     = var.pod_cidr == null || can(cidrhost(var.pod_cidr, 0))
    error_message = "pod_cidr: expected a range such as 10.244.0.0/16, or null, got \"${coalesce(var.pod_cidr, "null")}\"."
  }
}

variable "service_cidr" {
  description = "Range of the services' addresses. It must not overlap with any network that the cluster reaches."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrhost(var.service_cidr, 10))
    error_message = "service_cidr: expected a range of at least 16 addresses such as 10.0.0.0/16, got \"${var.service_cidr}\"."
  }

  # Two ranges overlap when they begin alike as far as the larger one is written.
  validation {
    condition = var.pod_cidr == null || try(
      cidrhost("${split("/", var.service_cidr)[0]}/${min([for cidr in [var.service_cidr, var.pod_cidr] : tonumber(split("/", cidr)[1])]...)}", 0)
      != cidrhost("${split("/", var.pod_cidr)[0]}/${min([for cidr in [var.service_cidr, var.pod_cidr] : tonumber(split("/", cidr)[1])]...)}", 0),
      true # a range that cannot be read has its own message
    )
    error_message = "service_cidr: ${var.service_cidr} overlaps with pod_cidr (${coalesce(var.pod_cidr, "null")})."
  }
}

variable "dns_service_ip" {
  description = "Address of the cluster's DNS, in `service_cidr`. Null: its tenth."
  type        = string
  default     = null

  validation {
    condition = var.dns_service_ip == null || try(
      cidrhost("${var.dns_service_ip}/${split("/", var.service_cidr)[1]}", 0) == cidrhost(var.service_cidr, 0)
      && !contains([cidrhost(var.service_cidr, 0), cidrhost(var.service_cidr, 1)], var.dns_service_ip),
      false
    )
    error_message = "dns_service_ip: expected an address in ${var.service_cidr} that is not its first two, or null, got \"${coalesce(var.dns_service_ip, "null")}\"."
  }
}

variable "authorized_ip_ranges" {
  description = "From where the API server answers, as CIDR ranges. Empty: from everywhere. GitHub's hosted runners have no fixed addresses."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.authorized_ip_ranges : can(cidrhost(range, 0))])
    error_message = "authorized_ip_ranges: expected CIDR ranges such as 203.0.113.0/24, got ${jsonencode(var.authorized_ip_ranges)}."
  }

  validation {
    condition     = length(var.authorized_ip_ranges) == 0 || !var.private_cluster_enabled
    error_message = "authorized_ip_ranges: the API server of a private cluster has no public address to guard. Give the ranges or private_cluster_enabled."
  }
}

variable "private_cluster_enabled" {
  description = "Whether the API server has an address only inside the cluster's network. Hosted runners then reach it through AKS's run command alone."
  type        = bool
  default     = false
}

variable "app_routing_enabled" {
  description = "Whether AKS runs its managed nginx ingress (class `webapprouting.kubernetes.azure.com`)."
  type        = bool
  default     = true
}

variable "keda_enabled" {
  description = "Whether AKS runs its managed KEDA. Leave it off where you install KEDA yourself."
  type        = bool
  default     = false
}

variable "key_vault_secrets_provider_enabled" {
  description = "Whether AKS runs the CSI driver that mounts secrets of key vaults."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of the cluster and its pools. A change takes AKS minutes, so nothing belongs here that changes with each commit."
  type        = map(string)
  default     = {}
}
