variable "name" {
  description = "Name of the registry, unique in all of Azure: 5 to 50 letters and digits."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]{5,50}$", var.name))
    error_message = "name: expected 5 to 50 letters and digits, got \"${var.name}\"."
  }
}

variable "resource_group_name" {
  description = "Group that the registry belongs to."
  type        = string
}

variable "location" {
  description = "Azure region of the registry."
  type        = string
}

variable "sku" {
  description = "`Basic`, `Standard` or `Premium`. Basic is enough for the images of one environment."
  type        = string
  default     = "Basic"

  validation {
    condition     = contains(["Basic", "Standard", "Premium"], var.sku)
    error_message = "sku: expected one of Basic, Standard, Premium, got \"${var.sku}\"."
  }
}

variable "pull_principals" {
  description = "Who may pull (AcrPull), by a name of your own: `object_id`, and `type` (`ServicePrincipal`, `User`, `Group`), which an identity that was just made needs. A cluster's kubelet belongs here."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))
  default = {}
}

variable "push_principals" {
  description = "Who may push and pull (AcrPush), in the same form."
  type = map(object({
    object_id = string
    type      = optional(string)
  }))
  default = {}
}

variable "tags" {
  description = "Tags of the registry."
  type        = map(string)
  default     = {}
}
