mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = {
      tenant_id       = "72f988bf-0000-4000-8000-2d7cd011db47"
      object_id       = "aaaaaaaa-0000-4000-8000-000000000001"
      subscription_id = "5ab00000-0000-4000-8000-000000000001"
    }
  }
  mock_resource "azurerm_container_registry" {
    defaults = {
      id           = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/own"
      login_server = "own.azurecr.io"
    }
  }
  mock_resource "azurerm_key_vault" {
    defaults = {
      id        = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own"
      vault_uri = "https://own.vault.azure.net/"
    }
  }
  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id           = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/own"
      client_id    = "cccccccc-0000-4000-8000-000000000001"
      principal_id = "aaaaaaaa-0000-4000-8000-000000000002"
    }
  }
}

# Mocks cannot say who the kubelet is; modules/aks has tests of its own.
override_module {
  target = module.cluster
  outputs = {
    id                  = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/own"
    name                = "own"
    resource_group_name = "g"
    node_resource_group = "MC_own"
    oidc_issuer_url     = "https://westeurope.oic.prod-aks.azure.com/tenant/own/"
    kubelet_object_id   = "aaaaaaaa-0000-4000-8000-000000000009"
    principal_id        = "aaaaaaaa-0000-4000-8000-000000000008"
  }
}

variables {
  environment   = "pr-12"
  repository    = "octo/shop"
  repository_id = "599293758"
  head_sha      = "0123456789abcdef0123456789abcdef01234567"
  state_key     = "mayfly/599293758/pr-12.tfstate"
  owner         = "octocat"
  location      = "westeurope"
  expires_at    = "2026-11-21T09:17:00Z"
}

run "is_whole_by_itself" {
  assert {
    condition     = output.resource_group_name == "mayfly-pr-12-${substr(sha256("599293758"), 0, 6)}"
    error_message = "Expected the environment's name, got ${output.resource_group_name}."
  }
  assert {
    condition     = output.cluster_name == "own" && output.cluster_resource_group_name == "g" && output.registry_login_server == "own.azurecr.io"
    error_message = "Expected a cluster and a registry of its own."
  }
  assert {
    condition     = output.namespace == "pr-12" && output.url == "" && output.key_vault_uri == "https://own.vault.azure.net/"
    error_message = "Expected its name as the namespace, and no address yet."
  }
  assert {
    condition     = output.workload_identity_client_id == "cccccccc-0000-4000-8000-000000000001" && output.oidc_issuer_url == "https://westeurope.oic.prod-aks.azure.com/tenant/own/"
    error_message = "Expected the workload's identity and who vouches for it."
  }
  assert {
    condition     = length(azurerm_role_assignment.pull_from_shared_registry) == 0
    error_message = "There is no shared registry to pull from."
  }
}

run "says_on_the_group_what_it_is" {
  assert {
    condition = module.resource_group.tags == tomap({
      "auto-destroy"         = "true"
      "expires-at"           = "2026-11-21T09:17:00Z"
      "mayfly-environment"   = "pr-12"
      "mayfly-repository"    = "octo/shop"
      "mayfly-repository-id" = "599293758"
      "mayfly-head-sha"      = "0123456789abcdef0123456789abcdef01234567"
      "mayfly-state-key"     = "mayfly/599293758/pr-12.tfstate"
      "owner"                = "octocat"
    })
    error_message = "Expected all tags, got ${jsonencode(module.resource_group.tags)}."
  }
}

run "takes_the_actions_tags" {
  variables {
    tags = { "auto-destroy" = "true", "expires-at" = "2026-11-21T09:17:00Z", "owner" = "hubot", "team" = "shop" }
  }

  assert {
    condition     = module.resource_group.tags["owner"] == "hubot" && module.resource_group.tags["team"] == "shop"
    error_message = "Expected the action's tags to win, got ${jsonencode(module.resource_group.tags)}."
  }
  # A tag that changes with each commit would change a cluster with each commit.
  assert {
    condition     = local.resource_tags == { "mayfly-environment" = "pr-12", "mayfly-repository" = "octo/shop", "mayfly-repository-id" = "599293758", "mayfly-state-key" = "mayfly/599293758/pr-12.tfstate", "owner" = "hubot", "team" = "shop" }
    error_message = "Expected only lasting tags on what is in the group, got ${jsonencode(local.resource_tags)}."
  }
}

run "lives_for_good_without_an_expiry" {
  command = plan

  variables {
    environment = "main"
    expires_at  = null
  }

  assert {
    condition     = length(setintersection(keys(local.group_tags), ["auto-destroy", "expires-at"])) == 0
    error_message = "Expected no TTL tag, got ${jsonencode(local.group_tags)}."
  }
}

run "goes_to_a_namespace_of_a_shared_cluster" {
  variables {
    shared_cluster = {
      id              = "/subscriptions/5ab00000-0000-4000-8000-000000000002/resourceGroups/team/providers/Microsoft.ContainerService/managedClusters/shared"
      oidc_issuer_url = "https://westeurope.oic.prod-aks.azure.com/tenant/shared/"
    }
    shared_registry = {
      id           = "/subscriptions/5ab00000-0000-4000-8000-000000000002/resourceGroups/team/providers/Microsoft.ContainerRegistry/registries/team"
      login_server = "team.azurecr.io"
    }
    url = "https://{environment}.preview.example.com"
  }

  assert {
    condition     = length(module.cluster) == 0 && length(module.registry) == 0 && length(azurerm_role_assignment.pull_from_shared_registry) == 0
    error_message = "Expected neither a cluster nor a registry nor a right to pull."
  }
  assert {
    condition     = output.cluster_name == "shared" && output.cluster_resource_group_name == "team" && output.registry_login_server == "team.azurecr.io"
    error_message = "Expected the shared cluster and registry, got ${output.cluster_name} and ${output.registry_login_server}."
  }
  assert {
    condition     = output.namespace == output.resource_group_name && output.oidc_issuer_url == "https://westeurope.oic.prod-aks.azure.com/tenant/shared/"
    error_message = "Expected a namespace that no other repository's pr-12 has, got ${output.namespace}."
  }
  assert {
    condition     = output.url == "https://pr-12.preview.example.com"
    error_message = "Expected the environment's name in its address, got ${output.url}."
  }
}

run "lets_its_own_cluster_pull_from_a_shared_registry" {
  variables {
    shared_registry = {
      id           = "/subscriptions/5ab00000-0000-4000-8000-000000000002/resourceGroups/team/providers/Microsoft.ContainerRegistry/registries/team"
      login_server = "team.azurecr.io"
    }
  }

  assert {
    condition = (
      one(azurerm_role_assignment.pull_from_shared_registry[*].principal_id) == "aaaaaaaa-0000-4000-8000-000000000009"
      && one(azurerm_role_assignment.pull_from_shared_registry[*].role_definition_id) == "/subscriptions/5ab00000-0000-4000-8000-000000000002/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    )
    error_message = "Expected AcrPull for the kubelet in the registry's subscription."
  }
}

run "makes_only_what_is_wanted" {
  variables {
    service_accounts  = []
    key_vault_enabled = false
  }

  assert {
    condition     = output.workload_identity_client_id == "" && output.key_vault_uri == "" && length(module.workload_identity) == 0 && length(module.key_vault) == 0
    error_message = "Expected neither an identity nor a vault."
  }
}

run "gives_a_stranger_no_identity" {
  variables {
    untrusted = true
  }

  assert {
    condition     = output.workload_identity_client_id == "" && length(module.workload_identity) == 0
    error_message = "Expected no identity."
  }
}

run "refuses_a_group_for_a_cluster" {
  command = plan

  variables {
    shared_cluster = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000002/resourceGroups/team", oidc_issuer_url = "https://x/", kubelet_object_id = "a" }
  }
  expect_failures = [var.shared_cluster]
}

run "refuses_a_registry_that_the_shared_cluster_cannot_pull_from" {
  command = plan

  variables {
    shared_cluster = {
      id              = "/subscriptions/5ab00000-0000-4000-8000-000000000002/resourceGroups/team/providers/Microsoft.ContainerService/managedClusters/shared"
      oidc_issuer_url = "https://westeurope.oic.prod-aks.azure.com/tenant/shared/"
    }
  }
  expect_failures = [var.shared_cluster]
}

run "refuses_pools_of_a_shared_cluster" {
  command = plan

  variables {
    shared_cluster = {
      id                = "/subscriptions/5ab00000-0000-4000-8000-000000000002/resourceGroups/team/providers/Microsoft.ContainerService/managedClusters/shared"
      oidc_issuer_url   = "https://westeurope.oic.prod-aks.azure.com/tenant/shared/"
      kubelet_object_id = "aaaaaaaa-0000-4000-8000-000000000007"
    }
    node_pools = { batch = { vm_size = "Standard_D4s_v5", node_count = 1 } }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_login_server_for_a_registry" {
  command = plan

  variables {
    shared_registry = { id = "team.azurecr.io", login_server = "team.azurecr.io" }
  }
  expect_failures = [var.shared_registry]
}

run "refuses_a_namespace_that_kubernetes_would" {
  command = plan

  variables {
    namespace = "PR_12"
  }
  expect_failures = [var.namespace]
}

run "refuses_an_address_without_a_scheme" {
  command = plan

  variables {
    url = "pr-12.preview.example.com"
  }
  expect_failures = [var.url]
}

run "refuses_a_second_deployer" {
  command = plan

  variables {
    admin_principals = { deployer = { object_id = "aaaaaaaa-0000-4000-8000-000000000003" } }
  }
  expect_failures = [var.admin_principals]
}
