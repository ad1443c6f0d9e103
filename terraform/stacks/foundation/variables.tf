variable "location" {
  description = "Azure region of everything."
  type        = string
}

variable "prefix" {
  description = "What all names begin with, those of environments too: lower-case letters and digits, at most 20, a letter first. It is the reaper's fence, so let it be your team's own."
  type        = string
  default     = "mayfly"
}

variable "repositories" {
  description = "The repositories whose previews this serves: `name` (`owner/name`, upper and lower case as GitHub writes it), `id`, `owner_id` (both for the immutable subjects), and `default_branch`. They trust each other: they share one preview identity and one container of states. At most ten, five with `trust_pull_requests`, twice as many with one form of subjects."
  type = list(object({
    name           = string
    id             = string
    owner_id       = string
    default_branch = optional(string, "main")
  }))

  validation {
    condition     = length(var.repositories) > 0
    error_message = "repositories: expected one at least: gh api repos/<owner>/<name> --jq '{name: .full_name, id: \"\\(.id)\", owner_id: \"\\(.owner.id)\", default_branch}'"
  }
}

variable "operators" {
  description = "Who runs this stack after the first time, by a name of your own: `object_id`, and `type` (`User`, `Group`, `ServicePrincipal`). They may read and write its state, which being an Owner does not allow. Yours: `az ad signed-in-user show --query id --output tsv`."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))

  validation {
    condition     = length(var.operators) > 0
    error_message = "operators: expected one at least, or nobody could move this stack's state into the storage: az ad signed-in-user show --query id --output tsv"
  }
}

variable "preview_subscription_id" {
  description = "Subscription in which previews are made and reaped. Null: the one that this stack is made in. Another one is better: whoever deploys previews may change everything there, the reaper's identity too if it lies there."
  type        = string
  default     = null

  validation {
    condition     = var.preview_subscription_id == null || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.preview_subscription_id))
    error_message = "preview_subscription_id: expected the id of a subscription in lower case, got \"${coalesce(var.preview_subscription_id, "null")}\"."
  }
}

variable "preview_environment" {
  description = "GitHub environment whose jobs deploy previews."
  type        = string
  default     = "preview"
}

variable "trust_pull_requests" {
  description = "Whether jobs of pull requests that name no environment deploy previews, too. It is the way out where the environment is missing from the tokens' subjects."
  type        = bool
  default     = false
}

variable "reaper_environment" {
  description = "GitHub environment whose jobs reap, such as `cleanup`. Null: jobs of the default branch that name none."
  type        = string
  default     = null

  validation {
    condition     = var.reaper_environment == null || var.reaper_environment != var.preview_environment
    error_message = "reaper_environment: previews and the reaper must not share an environment: a pull request's job could reap."
  }
}

variable "subject_forms" {
  description = "Which forms of GitHub's subjects are trusted: `classic`, `immutable`, or both. Leave `classic` out as soon as all repositories present the immutable one."
  type        = set(string)
  default     = ["classic", "immutable"]
}

variable "registry_enabled" {
  description = "Whether there is a registry for all previews. Without it, each environment makes its own."
  type        = bool
  default     = true
}

variable "registry_sku" {
  description = "`Basic`, `Standard` or `Premium` of that registry."
  type        = string
  default     = "Standard"
}

variable "state_replication_type" {
  description = "How the states are kept: `ZRS`, or `LRS` in a region without zones, or one of `GRS`, `RAGRS`, `GZRS`, `RAGZRS`."
  type        = string
  default     = "ZRS"
}

variable "shared_cluster" {
  description = "One cluster for all previews, each in a namespace. Null: none, each environment makes its own. Attributes as the variables of modules/aks; `{ system_pool = { node_count = 2 } }` is enough."
  type = object({
    kubernetes_version        = optional(string)
    automatic_upgrade_channel = optional(string, "patch")
    sku_tier                  = optional(string, "Standard")
    system_pool = optional(object({
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
    }), { node_count = 2 })
    node_pools = optional(map(object({
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
    })), {})
    subnet_id                          = optional(string)
    pod_cidr                           = optional(string, "10.244.0.0/16")
    service_cidr                       = optional(string, "10.0.0.0/16")
    authorized_ip_ranges               = optional(set(string), [])
    private_cluster_enabled            = optional(bool, false)
    app_routing_enabled                = optional(bool, true)
    keda_enabled                       = optional(bool, false)
    key_vault_secrets_provider_enabled = optional(bool, false)
  })
  default = null
}

variable "tags" {
  description = "Tags of everything here. No TTL: the foundation stays."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection([for name in keys(var.tags) : lower(name)], ["auto-destroy", "expires-at"])) == 0
    error_message = "tags: auto-destroy and expires-at would let the reaper delete the foundation. Leave them out."
  }
}
