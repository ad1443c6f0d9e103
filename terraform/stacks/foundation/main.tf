data "azurerm_client_config" "current" {}

locals {
  own_subscription_id     = data.azurerm_client_config.current.subscription_id
  preview_subscription_id = coalesce(var.preview_subscription_id, local.own_subscription_id)
  preview_scope           = "/subscriptions/${local.preview_subscription_id}"
}

# A Contributor of the previews' subscription could add a credential of his own to the reaper's identity there, and reap.
check "previews_are_apart" {
  assert {
    condition     = local.preview_subscription_id != local.own_subscription_id
    error_message = "Previews are made in the foundation's own subscription, where whoever deploys them may change the foundation, the reaper's identity too. Give preview_subscription_id, unless everybody who can open a pull request may reap."
  }
}

module "names" {
  source = "../../modules/names"

  prefix        = var.prefix
  environment   = "foundation"
  repository_id = local.own_subscription_id
}

module "resource_group" {
  source = "../../modules/resource-group"

  name     = module.names.resource_group
  location = var.location
  tags     = var.tags
}

module "roles" {
  source = "../../modules/roles"
  scope  = local.preview_scope
}

module "registry" {
  source = "../../modules/acr"
  count  = var.registry_enabled ? 1 : 0

  name                = module.names.registry
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  sku                 = var.registry_sku
  tags                = var.tags

  push_principals = {
    previews = { object_id = module.preview_identity.principal_id, type = "ServicePrincipal" }
  }
  pull_principals = {
    for cluster in module.cluster[*] : "shared-cluster" => { object_id = cluster.kubelet_object_id, type = "ServicePrincipal" }
  }
}

# This stack's own state lies in a container that previews cannot write: what it says would be applied by an Owner.
locals {
  preview_container    = "tfstate"
  foundation_container = "foundation"
}

module "state" {
  source = "../../modules/state-storage"

  name                = module.names.storage_account
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  replication_type    = var.state_replication_type
  containers          = [local.preview_container, local.foundation_container]
  tags                = var.tags
}

resource "azurerm_role_assignment" "operator_state" {
  for_each = var.operators

  scope              = module.state.id
  role_definition_id = module.roles.ids["Storage Blob Data Contributor"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "Storage Blob Data Contributor: ${each.key} reads and writes states"
}

module "cluster" {
  source = "../../modules/aks"
  count  = var.shared_cluster == null ? 0 : 1

  name                = module.names.cluster
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  dns_prefix          = module.names.dns_prefix
  node_resource_group = module.names.node_resource_group
  tenant_id           = data.azurerm_client_config.current.tenant_id
  tags                = var.tags

  kubernetes_version                 = var.shared_cluster.kubernetes_version
  automatic_upgrade_channel          = var.shared_cluster.automatic_upgrade_channel
  sku_tier                           = var.shared_cluster.sku_tier
  system_pool                        = var.shared_cluster.system_pool
  node_pools                         = var.shared_cluster.node_pools
  subnet_id                          = var.shared_cluster.subnet_id
  pod_cidr                           = var.shared_cluster.pod_cidr
  service_cidr                       = var.shared_cluster.service_cidr
  authorized_ip_ranges               = var.shared_cluster.authorized_ip_ranges
  private_cluster_enabled            = var.shared_cluster.private_cluster_enabled
  app_routing_enabled                = var.shared_cluster.app_routing_enabled
  keda_enabled                       = var.shared_cluster.keda_enabled
  key_vault_secrets_provider_enabled = var.shared_cluster.key_vault_secrets_provider_enabled

  admin_principals = {
    previews = { object_id = module.preview_identity.principal_id, type = "ServicePrincipal" }
  }
}
