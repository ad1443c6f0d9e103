variable "prefix" {
  description = "What all names begin with: lower-case letters and digits, at most 20, a letter first, and no hyphen: the first one of a name ends the prefix."
  type        = string
  default     = "mayfly"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,19}$", var.prefix))
    error_message = "prefix: expected lower-case letters and digits, at most 20, a letter first (\"mayfly\"), got \"${var.prefix}\"."
  }
}

variable "environment" {
  description = "The environment's name: `pr-12`, or any name for a shared one."
  type        = string

  validation {
    condition     = can(regex("[A-Za-z0-9]", var.environment)) && length(var.environment) <= 255
    error_message = "environment: expected a name with a letter or digit in it, at most 255 characters (\"pr-12\"), got \"${var.environment}\"."
  }
}

variable "repository_id" {
  description = "GitHub's id of the repository. Its hash tells the environments of two repositories apart."
  type        = string

  validation {
    condition     = trimspace(var.repository_id) != ""
    error_message = "repository_id: expected GitHub's id of the repository (gh api repos/<owner>/<name> --jq .id), got nothing."
  }
}
