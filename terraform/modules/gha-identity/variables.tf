variable "name" {
  description = "Name of the identity: 3 to 128 letters, digits, hyphens and underscores, a letter or digit first."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$", var.name))
    error_message = "name: expected 3 to 128 letters, digits, hyphens and underscores, a letter or digit first, got \"${var.name}\"."
  }
}

variable "resource_group_name" {
  description = "Group that the identity belongs to."
  type        = string
}

variable "location" {
  description = "Azure region of the identity."
  type        = string
}

variable "trusts" {
  description = "Whose jobs get this identity: `repository` (`owner/name`, upper and lower case as GitHub writes it), `repository_id` and `owner_id` (for the immutable form), and exactly one of `environment` (the job's), `ref` (`refs/heads/main`) or `pull_request` (true)."
  type = list(object({
    repository    = string
    repository_id = optional(string)
    owner_id      = optional(string)
    environment   = optional(string)
    ref           = optional(string)
    pull_request  = optional(bool, false)
  }))

  validation {
    condition     = length(var.trusts) > 0
    error_message = "trusts: expected one at least; nobody could log in."
  }

  validation {
    condition     = alltrue([for trust in var.trusts : can(regex("^[^/:@\\s*]+/[^/:@\\s*]+$", trust.repository))])
    error_message = "trusts: repository: expected owner/name without wildcards, got ${jsonencode(var.trusts[*].repository)}."
  }

  validation {
    condition = alltrue([
      for trust in var.trusts :
      length([for context in [trust.environment != null, trust.ref != null, trust.pull_request] : context if context]) == 1
    ])
    error_message = "trusts: expected exactly one of environment, ref or pull_request in each."
  }

  validation {
    condition     = alltrue([for trust in var.trusts : trust.ref == null || can(regex("^refs/(heads|tags)/[^\\s*]+$", trust.ref))])
    error_message = "trusts: ref: expected a whole ref without wildcards, such as refs/heads/main, got ${jsonencode(var.trusts[*].ref)}."
  }

  validation {
    condition = alltrue([
      for trust in var.trusts :
      can(regex("^[1-9]\\d*$", trust.repository_id)) && can(regex("^[1-9]\\d*$", trust.owner_id))
    ]) || !contains(var.subject_forms, "immutable")
    error_message = "trusts: the immutable form needs repository_id and owner_id of each, in digits: gh api repos/<owner>/<name> --jq '.id, .owner.id'. Or leave \"immutable\" out of subject_forms."
  }
}

variable "subject_forms" {
  description = "Which forms of subjects are trusted. Repositories made, renamed or transferred since 15 July 2026 present the immutable one (`repo:OWNER@ID/NAME@ID:…`), older ones the classic one until they opt in. Leave `classic` out as soon as yours is immutable: a classic subject holds names only, and those can be taken over."
  type        = set(string)
  default     = ["classic", "immutable"]

  validation {
    condition     = length(var.subject_forms) > 0 && length(setsubtract(var.subject_forms, ["classic", "immutable"])) == 0
    error_message = "subject_forms: expected classic, immutable or both, got ${jsonencode(var.subject_forms)}."
  }
}

variable "issuer" {
  description = "Issuer of GitHub's ID tokens. Enterprises with a slug of their own and GitHub Enterprise Server have another one."
  type        = string
  default     = "https://token.actions.githubusercontent.com"

  validation {
    condition     = can(regex("^https://\\S+[^/\\s]$", var.issuer))
    error_message = "issuer: expected an https address without a slash at the end, which Entra would count as another issuer, got \"${var.issuer}\"."
  }
}

variable "audience" {
  description = "Audience of the tokens. Other clouds have their own, such as `api://AzureADTokenExchangeUSGov`."
  type        = string
  default     = "api://AzureADTokenExchange"
}

variable "roles" {
  description = "What the identity may do, by a name of your own: `scope`, `role_definition_id`, `description`, and `condition` (version 2.0) where the assignment has one."
  type = map(object({
    scope              = string
    role_definition_id = string
    description        = string
    condition          = optional(string)
  }))
  default = {}
}

variable "tags" {
  description = "Tags of the identity."
  type        = map(string)
  default     = {}
}
