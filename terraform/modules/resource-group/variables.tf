variable "name" {
  description = "Name of the group."
  type        = string

  validation {
    condition     = can(regex("^[-\\w._()]{0,89}[-\\w_()]$", var.name))
    error_message = "name: expected at most 90 letters, digits, hyphens, underscores, periods and parentheses, no period last, got \"${var.name}\"."
  }
}

variable "location" {
  description = "Azure region of the group."
  type        = string
}

variable "expires_at" {
  description = "When the group may be deleted, as RFC 3339 in UTC to the second (`2026-11-21T09:17:00Z`). Null: never, and neither TTL tag is set."
  type        = string
  default     = null

  # Nothing here asks whether it has passed: a plan of a group that is overdue must still work, a destroy above all.
  validation {
    condition = var.expires_at == null || (
      can(regex("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", var.expires_at)) && can(timeadd(var.expires_at, "0s"))
    )
    error_message = "expires_at: expected RFC 3339 in UTC to the second (\"2026-11-21T09:17:00Z\") or null, got \"${coalesce(var.expires_at, "null")}\"."
  }
}

variable "tags" {
  description = "Other tags. They may repeat the two TTL tags as `expires_at` makes them, and must not say anything else about them."
  type        = map(string)
  default     = {}

  # Tag names have no case in Azure: "Expires-At" beside "expires-at" would be refused there, or read by nobody.
  validation {
    condition = alltrue([
      for name, value in var.tags :
      name == "auto-destroy" ? value == "true" && var.expires_at != null :
      name == "expires-at" ? value == var.expires_at :
      !contains(["auto-destroy", "expires-at"], lower(name))
    ])
    error_message = "tags: auto-destroy and expires-at are made from expires_at. Leave them out, or give them in lower case with the same values."
  }
}
