data "azurerm_client_config" "current" {}

module "names" {
  source = "../../modules/names"

  prefix        = var.prefix
  environment   = var.environment
  repository_id = var.repository_id
}

locals {
  described = {
    "mayfly-environment"   = var.environment
    "mayfly-repository"    = var.repository
    "mayfly-repository-id" = var.repository_id
    "mayfly-head-sha"      = var.head_sha
    "mayfly-state-key"     = var.state_key
    "owner"                = var.owner
  }
  group_tags = merge({ for name, value in local.described : name => value if value != "" }, var.tags)

  # A cluster takes minutes to change a tag, and is not to change with each commit and each extension.
  changing      = ["auto-destroy", "expires-at", "mayfly-head-sha"]
  resource_tags = { for name, value in local.group_tags : name => value if !contains(local.changing, name) }

  own_cluster  = var.shared_cluster == null
  own_registry = var.shared_registry == null
  namespace    = coalesce(var.namespace, local.own_cluster ? module.names.namespace : module.names.shared_namespace)
}

module "resource_group" {
  source = "../../modules/resource-group"

  name       = module.names.resource_group
  location   = var.location
  expires_at = var.expires_at
  tags       = local.group_tags
}

module "cluster" {
  source = "../../modules/aks"
  count  = local.own_cluster ? 1 : 0

  name                = module.names.cluster
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  dns_prefix          = module.names.dns_prefix
  node_resource_group = module.names.node_resource_group
  tenant_id           = data.azurerm_client_config.current.tenant_id
  tags                = local.resource_tags

  kubernetes_version = var.kubernetes_version
  sku_tier           = var.sku_tier
  system_pool        = var.system_pool
  node_pools         = var.node_pools

  subnet_id               = var.subnet_id
  pod_cidr                = var.pod_cidr
  service_cidr            = var.service_cidr
  authorized_ip_ranges    = var.authorized_ip_ranges
  private_cluster_enabled = var.private_cluster_enabled

  app_routing_enabled                = var.app_routing_enabled
  keda_enabled                       = var.keda_enabled
  key_vault_secrets_provider_enabled = var.key_vault_secrets_provider_enabled

  admin_principals = merge(var.admin_principals, {
    deployer = { object_id = coalesce(var.deployer_object_id, data.azurerm_client_config.current.object_id) }
  })
}

locals {
  kubelet_object_id = local.own_cluster ? module.cluster[0].kubelet_object_id : var.shared_cluster.kubelet_object_id
  oidc_issuer_url   = local.own_cluster ? module.cluster[0].oidc_issuer_url : var.shared_cluster.oidc_issuer_url
}

module "registry" {
  source = "../../modules/acr"
  count  = local.own_registry ? 1 : 0

  name                = module.names.registry
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  tags                = local.resource_tags

  pull_principals = {
    kubelet = { object_id = local.kubelet_object_id, type = "ServicePrincipal" }
  }
}

module "shared_registry_roles" {
  source = "../../modules/roles"
  count  = local.own_registry ? 0 : 1
  scope  = var.shared_registry.id
}

# Of a shared cluster, the foundation has said that it may pull.
resource "azurerm_role_assignment" "pull_from_shared_registry" {
  count = local.own_cluster && !local.own_registry ? 1 : 0

  scope              = var.shared_registry.id
  role_definition_id = module.shared_registry_roles[0].ids["AcrPull"]
  principal_id       = local.kubelet_object_id
  principal_type     = "ServicePrincipal"
  description        = "AcrPull: the cluster of ${module.names.resource_group} pulls images"
}

module "workload_identity" {
  source = "../../modules/workload-identity"
  # A pod could ask for a token of any service account that Azure trusts.
  count = length(var.service_accounts) > 0 && !var.untrusted ? 1 : 0

  name                = module.names.identity
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  oidc_issuer_url     = local.oidc_issuer_url
  service_accounts    = [for name in var.service_accounts : { namespace = local.namespace, name = name }]
  tags                = local.resource_tags
}

module "key_vault" {
  source = "../../modules/key-vault"
  count  = var.key_vault_enabled ? 1 : 0

  name                          = module.names.key_vault
  resource_group_name           = module.resource_group.name
  location                      = module.resource_group.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  public_network_access_enabled = var.key_vault_public_network_access_enabled
  tags                          = local.resource_tags

  secrets_user_principals = {
    for workload in module.workload_identity[*] : "workload" => { object_id = workload.principal_id, type = "ServicePrincipal" }
  }
}
