resource "azurerm_kubernetes_cluster" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  dns_prefix          = coalesce(var.dns_prefix, trim(substr(replace(var.name, "_", "-"), 0, 54), "-"))
  node_resource_group = var.node_resource_group
  tags                = var.tags

  kubernetes_version        = var.kubernetes_version
  automatic_upgrade_channel = var.automatic_upgrade_channel
  sku_tier                  = var.sku_tier

  # Workloads come as managed identities, through tokens of their service accounts.
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  # People and jobs come with Entra's tokens, and Azure's roles say what they may do. Certificates of local accounts would
  # stand in this state and could not be called back.
  local_account_disabled = true
  azure_active_directory_role_based_access_control {
    tenant_id              = var.tenant_id
    azure_rbac_enabled     = true
    admin_group_object_ids = var.admin_group_object_ids
  }

  identity {
    type = "SystemAssigned"
  }

  private_cluster_enabled = var.private_cluster_enabled
  dynamic "api_server_access_profile" {
    for_each = length(var.authorized_ip_ranges) > 0 ? [var.authorized_ip_ranges] : []

    content {
      authorized_ip_ranges = api_server_access_profile.value
    }
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = var.pod_cidr == null ? null : "overlay"
    network_policy      = "calico"
    pod_cidr            = var.pod_cidr
    service_cidr        = var.service_cidr
    dns_service_ip      = coalesce(var.dns_service_ip, cidrhost(var.service_cidr, 10))
  }

  # The pools are ours; `Auto` would let AKS add nodes of its own choice.
  node_provisioning_profile {
    mode = "Manual"
  }

  default_node_pool {
    name                         = "system"
    vm_size                      = var.system_pool.vm_size
    auto_scaling_enabled         = var.system_pool.max_count != null
    node_count                   = var.system_pool.node_count # see node-pools.tf
    min_count                    = var.system_pool.min_count
    max_count                    = var.system_pool.max_count
    zones                        = var.system_pool.zones
    node_labels                  = var.system_pool.labels
    max_pods                     = var.system_pool.max_pods
    os_disk_size_gb              = var.system_pool.os_disk_size_gb
    only_critical_addons_enabled = var.system_pool.only_critical_addons
    vnet_subnet_id               = var.subnet_id
    tags                         = var.tags

    # Without a name for the meantime, another vm_size would replace the whole cluster.
    temporary_name_for_rotation = "systemtmp"

    upgrade_settings {
      max_surge = var.system_pool.max_surge
    }
  }

  dynamic "web_app_routing" {
    for_each = var.app_routing_enabled ? [1] : []

    content {
      dns_zone_ids = []
    }
  }

  dynamic "workload_autoscaler_profile" {
    for_each = var.keda_enabled ? [1] : []

    content {
      keda_enabled = true
    }
  }

  dynamic "key_vault_secrets_provider" {
    for_each = var.key_vault_secrets_provider_enabled ? [1] : []

    content {
      secret_rotation_enabled = true
    }
  }
}
