variable "name" {
  description = "Name of the storage account, unique in all of Azure: 3 to 24 lower-case letters and digits."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "name: expected 3 to 24 lower-case letters and digits, got \"${var.name}\"."
  }
}

variable "resource_group_name" {
  description = "Group that the account belongs to."
  type        = string
}

variable "location" {
  description = "Azure region of the account."
  type        = string
}

variable "replication_type" {
  description = "`LRS`, `ZRS`, `GRS`, `RAGRS`, `GZRS` or `RAGZRS`. Nothing of a state can be made again, so it is kept in several zones unless the region has none."
  type        = string
  default     = "ZRS"

  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"], var.replication_type)
    error_message = "replication_type: expected one of LRS, ZRS, GRS, RAGRS, GZRS, RAGZRS, got \"${var.replication_type}\"."
  }
}

variable "containers" {
  description = "The containers. A role on one says nothing about the others, so states that different identities write belong in different ones."
  type        = set(string)
  default     = ["tfstate"]

  validation {
    condition     = length(var.containers) > 0 && alltrue([for name in var.containers : can(regex("^[a-z0-9](-?[a-z0-9]){2,62}$", name))])
    error_message = "containers: expected names of 3 to 63 lower-case letters, digits and single hyphens, got ${jsonencode(var.containers)}."
  }
}

variable "retention_days" {
  description = "For how many days a deleted state or container can be brought back, and how old a version may get: 1 to 365."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 365
    error_message = "retention_days: expected 1 to 365, got ${var.retention_days}."
  }
}

variable "tags" {
  description = "Tags of the account."
  type        = map(string)
  default     = {}
}
