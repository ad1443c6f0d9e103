mock_provider "azurerm" {
  mock_resource "azurerm_kubernetes_cluster" {
    defaults = {
      id              = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
      oidc_issuer_url = "https://westeurope.oic.prod-aks.azure.com/tenant/id/"
    }
  }
}

variables {
  name                = "mayfly-pr-12-abcdef"
  resource_group_name = "g"
  location            = "westeurope"
  tenant_id           = "72f988bf-0000-4000-8000-2d7cd011db47"
}

run "lets_in_only_entra_identities" {
  variables {
    admin_principals = { deployer = { object_id = "aaaaaaaa-0000-4000-8000-000000000001" } }
  }

  assert {
    condition = (
      azurerm_kubernetes_cluster.this.local_account_disabled
      && azurerm_kubernetes_cluster.this.azure_active_directory_role_based_access_control[0].azure_rbac_enabled
      && azurerm_kubernetes_cluster.this.azure_active_directory_role_based_access_control[0].tenant_id == "72f988bf-0000-4000-8000-2d7cd011db47"
    )
    error_message = "Expected Entra's identities, Azure's roles and no local account."
  }
  assert {
    condition     = endswith(azurerm_role_assignment.cluster_admin["deployer"].role_definition_id, "/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b") && endswith(azurerm_role_assignment.cluster_user["deployer"].role_definition_id, "/4abbcc35-e782-43d8-92c5-2d3f1bd2253f")
    error_message = "Expected the deployer to get a kubeconfig and to be admin."
  }
  assert {
    condition     = length(azurerm_role_assignment.cluster_admin) == 1 && length(azurerm_role_assignment.cluster_user) == 1
    error_message = "Expected nobody else to get in."
  }
  assert {
    condition     = output.oidc_issuer_url == "https://westeurope.oic.prod-aks.azure.com/tenant/id/"
    error_message = "Expected the issuer with its slash, as workload identities need it."
  }
}

run "is_ready_for_workloads" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.this.oidc_issuer_enabled && azurerm_kubernetes_cluster.this.workload_identity_enabled
    error_message = "Expected an issuer and workload identity."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster.this.web_app_routing) == 1 && length(azurerm_kubernetes_cluster.this.workload_autoscaler_profile) == 0 && length(azurerm_kubernetes_cluster.this.key_vault_secrets_provider) == 0
    error_message = "Expected app routing and no other add-on."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.this.node_provisioning_profile[0].mode == "Manual"
    error_message = "Expected AKS to add no nodes of its own choice."
  }
  assert {
    condition = (
      azurerm_kubernetes_cluster.this.network_profile[0].network_plugin == "azure"
      && azurerm_kubernetes_cluster.this.network_profile[0].network_plugin_mode == "overlay"
      && azurerm_kubernetes_cluster.this.network_profile[0].network_policy == "calico"
      && azurerm_kubernetes_cluster.this.network_profile[0].service_cidr == "10.0.0.0/16"
      && azurerm_kubernetes_cluster.this.network_profile[0].dns_service_ip == "10.0.0.10"
    )
    error_message = "Expected Azure CNI overlay with calico, and the DNS at the tenth address."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster.this.api_server_access_profile) == 0 && !azurerm_kubernetes_cluster.this.private_cluster_enabled
    error_message = "Expected an API server that everybody can reach and nobody enters."
  }
}

run "has_two_fixed_nodes_of_their_own_surge" {
  command = plan

  variables {
    system_pool = { vm_size = "Standard_D2s_v5", node_count = 2, max_surge = "1" }
  }

  assert {
    condition = (
      azurerm_kubernetes_cluster.this.default_node_pool[0].node_count == 2
      && !azurerm_kubernetes_cluster.this.default_node_pool[0].auto_scaling_enabled
      && azurerm_kubernetes_cluster.this.default_node_pool[0].upgrade_settings[0].max_surge == "1"
    )
    error_message = "Expected two nodes, one more during an upgrade."
  }
}

run "scales_the_system_pool" {
  command = plan

  variables {
    system_pool = { min_count = 1, max_count = 3 }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].auto_scaling_enabled && azurerm_kubernetes_cluster.this.default_node_pool[0].min_count == 1 && azurerm_kubernetes_cluster.this.default_node_pool[0].max_count == 3
    error_message = "Expected the autoscaler between 1 and 3."
  }
}

run "has_pools_with_taints_labels_and_spot" {
  variables {
    node_pools = {
      batch = { vm_size = "Standard_D4s_v5", min_count = 0, max_count = 5, taints = ["team=batch:NoSchedule"], labels = { team = "batch" }, zones = ["1", "2"] }
      cheap = { vm_size = "Standard_D4s_v5", min_count = 0, max_count = 9, spot = true, taints = ["team=cheap:NoSchedule"], labels = { team = "cheap" } }
      fixed = { vm_size = "Standard_D4s_v5", node_count = 1, max_surge = "33%" }
    }
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.this["batch"].node_taints == tolist(["team=batch:NoSchedule"]) && azurerm_kubernetes_cluster_node_pool.this["batch"].node_labels == tomap({ team = "batch" })
    error_message = "Expected the pool's taint and label, and no other."
  }
  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.this["batch"].upgrade_settings[0].max_surge == "10%" && azurerm_kubernetes_cluster_node_pool.this["fixed"].upgrade_settings[0].max_surge == "33%"
    error_message = "A pool without upgrade_settings is drift at once: AKS answers with some."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster_node_pool.this["cheap"].upgrade_settings) == 0
    error_message = "AKS refuses upgrade settings of Spot pools."
  }
  assert {
    condition = (
      azurerm_kubernetes_cluster_node_pool.this["cheap"].priority == "Spot"
      && azurerm_kubernetes_cluster_node_pool.this["cheap"].eviction_policy == "Delete"
      && azurerm_kubernetes_cluster_node_pool.this["cheap"].node_taints == tolist(["team=cheap:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"])
      && azurerm_kubernetes_cluster_node_pool.this["cheap"].node_labels == tomap({ team = "cheap", "kubernetes.azure.com/scalesetpriority" = "spot" })
    )
    error_message = "Spot's taint and label, which AKS adds, must be in the configuration."
  }
  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.this["fixed"].node_count == 1 && azurerm_kubernetes_cluster_node_pool.this["fixed"].priority == "Regular"
    error_message = "Expected one regular node."
  }
}

# `ignore_changes = [node_count]` would let the first change of this pool go unnoticed.
run "follows_a_fixed_pool_that_changes" {
  variables {
    node_pools = { fixed = { vm_size = "Standard_D4s_v5", node_count = 4 } }
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.this["fixed"].node_count == 4
    error_message = "Expected four nodes after the change, got ${azurerm_kubernetes_cluster_node_pool.this["fixed"].node_count}."
  }
}

run "answers_only_from_some_ranges" {
  command = plan

  variables {
    authorized_ip_ranges = ["203.0.113.0/24"]
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.api_server_access_profile[0].authorized_ip_ranges == toset(["203.0.113.0/24"])
    error_message = "Expected the range to be handed to AKS."
  }
}

run "takes_addresses_of_the_subnet" {
  command = plan

  variables {
    pod_cidr       = null
    subnet_id      = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    service_cidr   = "172.16.0.0/20"
    dns_service_ip = "172.16.0.53"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_plugin_mode == null && azurerm_kubernetes_cluster.this.network_profile[0].dns_service_ip == "172.16.0.53"
    error_message = "Expected plain Azure CNI and the given DNS address."
  }
}

run "cuts_a_dns_prefix_from_the_name" {
  command = plan

  variables {
    name = "a_${join("", [for i in range(51) : "b"])}--${join("", [for i in range(7) : "c"])}"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.dns_prefix == "a-${join("", [for i in range(51) : "b"])}"
    error_message = "Expected at most 54 characters without a hyphen at the end, got ${azurerm_kubernetes_cluster.this.dns_prefix}."
  }
}

run "refuses_nodes_and_the_autoscaler" {
  command = plan

  variables {
    system_pool = { node_count = 2, min_count = 1, max_count = 3 }
  }
  expect_failures = [var.system_pool]
}

run "refuses_a_system_pool_of_nobody" {
  command = plan

  variables {
    system_pool = {}
  }
  expect_failures = [var.system_pool]
}

run "refuses_a_system_pool_that_may_be_empty" {
  command = plan

  variables {
    system_pool = { min_count = 0, max_count = 3 }
  }
  expect_failures = [var.system_pool]
}

run "refuses_a_surge_in_words" {
  command = plan

  variables {
    system_pool = { node_count = 2, max_surge = "one" }
  }
  expect_failures = [var.system_pool]
}

run "refuses_a_pool_name_that_aks_would" {
  command = plan

  variables {
    node_pools = { batch-pool = { vm_size = "Standard_D4s_v5", node_count = 1 } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_the_first_pools_name" {
  command = plan

  variables {
    node_pools = { system = { vm_size = "Standard_D4s_v5", node_count = 1 } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_pool_without_a_size" {
  command = plan

  variables {
    node_pools = { batch = { vm_size = "Standard_D4s_v5", max_count = 3 } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_taint_without_an_effect" {
  command = plan

  variables {
    node_pools = { batch = { vm_size = "Standard_D4s_v5", node_count = 1, taints = ["team=batch"] } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_system_pods_on_spot" {
  command = plan

  variables {
    node_pools = { cheap = { vm_size = "Standard_D4s_v5", node_count = 1, mode = "System", spot = true } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_price_without_spot" {
  command = plan

  variables {
    node_pools = { batch = { vm_size = "Standard_D4s_v5", node_count = 1, spot_max_price = 0.1 } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_labels_of_aks" {
  command = plan

  variables {
    node_pools = { batch = { vm_size = "Standard_D4s_v5", node_count = 1, labels = { "kubernetes.azure.com/mode" = "x" } } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_services_among_pods" {
  command = plan

  variables {
    pod_cidr     = "10.0.0.0/8"
    service_cidr = "10.200.0.0/16"
  }
  expect_failures = [var.service_cidr]
}

run "refuses_a_dns_address_outside" {
  command = plan

  variables {
    dns_service_ip = "10.1.0.10"
  }
  expect_failures = [var.dns_service_ip]
}

run "refuses_ranges_of_a_private_cluster" {
  command = plan

  variables {
    private_cluster_enabled = true
    authorized_ip_ranges    = ["203.0.113.0/24"]
  }
  expect_failures = [var.authorized_ip_ranges]
}

run "refuses_a_version_that_is_none" {
  command = plan

  variables {
    kubernetes_version = "latest"
  }
  expect_failures = [var.kubernetes_version]
}
