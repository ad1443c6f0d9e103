output "repository_variables" {
  description = "The variables to set in each repository; none is a secret. docs/foundation.md has the line that does it."
  value = merge({
    AZURE_CLIENT_ID        = module.preview_identity.client_id
    AZURE_REAPER_CLIENT_ID = module.reaper_identity.client_id
    AZURE_TENANT_ID        = data.azurerm_client_config.current.tenant_id
    AZURE_SUBSCRIPTION_ID  = local.preview_subscription_id
    MAYFLY_NAME_PREFIX     = "${var.prefix}-"
    MAYFLY_STATE_ACCOUNT   = module.state.name
    MAYFLY_STATE_CONTAINER = local.preview_container
    }, var.registry_enabled ? {
    MAYFLY_REGISTRY = module.registry[0].login_server
    } : {}, var.shared_cluster == null ? {} : {
    MAYFLY_CLUSTERS = module.cluster[0].id
  })
}

output "shared_registry" {
  description = "The variable `shared_registry` of stacks/aks-environment; null without a registry."
  value = var.registry_enabled ? {
    id           = module.registry[0].id
    login_server = module.registry[0].login_server
  } : null
}

output "shared_cluster" {
  description = "The variable `shared_cluster` of stacks/aks-environment; null without a cluster."
  value = var.shared_cluster == null ? null : {
    id                = module.cluster[0].id
    oidc_issuer_url   = module.cluster[0].oidc_issuer_url
    kubelet_object_id = module.cluster[0].kubelet_object_id
  }
}

output "subjects" {
  description = "Who may log in as which identity."
  value = {
    preview = module.preview_identity.subjects
    reaper  = module.reaper_identity.subjects
  }
}

output "backend" {
  description = "The file that moves this stack's own state into the storage it made: `terraform output -raw backend > backend.tf`."
  value       = <<-EOT
    terraform {
      backend "azurerm" {
        storage_account_name = "${module.state.name}"
        container_name       = "${local.foundation_container}"
        key                  = "foundation.tfstate"
        use_azuread_auth     = true
      }
    }
  EOT
}
