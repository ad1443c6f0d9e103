variable "name" {
  description = "Name of the vault, unique in all of Azure: 3 to 24 letters, digits and single hyphens, a letter first."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$", var.name)) && length(var.name) >= 3 && length(var.name) <= 24
    error_message = "name: expected 3 to 24 letters, digits and single hyphens, a letter first, got \"${var.name}\"."
  }
}

variable "resource_group_name" {
  description = "Group that the vault belongs to."
  type        = string
}

variable "location" {
  description = "Azure region of the vault."
  type        = string
}

variable "tenant_id" {
  description = "Tenant whose identities may come to the vault."
  type        = string
}

variable "secrets_user_principals" {
  description = "Who may read secrets (Key Vault Secrets User), by a name of your own: `object_id`, and `type` (`ServicePrincipal`, `User`, `Group`), which an identity that was just made needs."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))
  default = {}
}

variable "secrets_officer_principals" {
  description = "Who may also write and delete secrets (Key Vault Secrets Officer), in the same form."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))
  default = {}
}

variable "public_network_access_enabled" {
  description = "Whether the vault answers from the internet at all; roles decide who gets in. Without it, a private endpoint of yours is the only way, and the vault is made two minutes faster."
  type        = bool
  default     = true
}

variable "allowed_ip_ranges" {
  description = "Addresses and CIDR ranges from which the vault answers. Empty: from everywhere."
  type        = set(string)
  default     = []

  validation {
    condition     = var.public_network_access_enabled || length(var.allowed_ip_ranges) == 0
    error_message = "allowed_ip_ranges: nothing comes from there while public_network_access_enabled is false. Give one of the two."
  }
}

variable "purge_protection_enabled" {
  description = "Whether a deleted vault stays for `soft_delete_retention_days` whatever anybody does. Cannot be switched off again, and keeps the name taken: not for previews."
  type        = bool
  default     = false
}

variable "soft_delete_retention_days" {
  description = "For how many days a vault that was deleted and not purged can be brought back: 7 to 90."
  type        = number
  default     = 7

  validation {
    condition     = var.soft_delete_retention_days >= 7 && var.soft_delete_retention_days <= 90
    error_message = "soft_delete_retention_days: expected 7 to 90, got ${var.soft_delete_retention_days}."
  }
}

variable "tags" {
  description = "Tags of the vault."
  type        = map(string)
  default     = {}
}
