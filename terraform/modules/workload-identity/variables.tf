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

variable "oidc_issuer_url" {
  description = "Issuer of the cluster's service account tokens, exactly as AKS gives it, its slash at the end included."
  type        = string

  validation {
    condition     = can(regex("^https://\\S+$", var.oidc_issuer_url))
    error_message = "oidc_issuer_url: expected the cluster's https address of its issuer (az aks show --query oidcIssuerProfile.issuerUrl), got \"${var.oidc_issuer_url}\"."
  }
}

variable "service_accounts" {
  description = "The service accounts that get this identity, each by `namespace` and `name`: at most 20, and one at least."
  type = set(object({
    namespace = string
    name      = string
  }))

  validation {
    condition     = length(var.service_accounts) >= 1 && length(var.service_accounts) <= 20
    error_message = "service_accounts: expected 1 to 20 (an identity takes no more federated credentials), got ${length(var.service_accounts)}."
  }

  validation {
    condition = alltrue([
      for account in var.service_accounts :
      can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", account.namespace)) && can(regex("^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$", account.name))
    ])
    error_message = "service_accounts: expected names as Kubernetes has them, lower case (namespace \"pr-12\", name \"api\"; no wildcards), got ${jsonencode(var.service_accounts)}."
  }
}

variable "audience" {
  description = "Audience of the tokens. Other clouds have their own, such as `api://AzureADTokenExchangeUSGov`."
  type        = string
  default     = "api://AzureADTokenExchange"
}

variable "tags" {
  description = "Tags of the identity."
  type        = map(string)
  default     = {}
}
