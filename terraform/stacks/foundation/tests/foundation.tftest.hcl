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
      id           = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/team"
      login_server = "team.azurecr.io"
    }
  }
  mock_resource "azurerm_storage_account" {
    defaults = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/states" }
  }
  mock_resource "azurerm_storage_container" {
    defaults = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/states/blobServices/default/containers/c" }
  }
  mock_resource "azurerm_role_definition" {
    defaults = { role_definition_resource_id = "/subscriptions/5ab00000-0000-4000-8000-000000000002/providers/Microsoft.Authorization/roleDefinitions/dddddddd-0000-4000-8000-000000000001" }
  }
}

override_resource {
  target = module.preview_identity.azurerm_user_assigned_identity.this
  values = {
    id           = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/preview"
    client_id    = "cccccccc-0000-4000-8000-000000000001"
    principal_id = "aaaaaaaa-0000-4000-8000-000000000011"
  }
}

override_resource {
  target = module.reaper_identity.azurerm_user_assigned_identity.this
  values = {
    id           = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reaper"
    client_id    = "cccccccc-0000-4000-8000-000000000002"
    principal_id = "aaaaaaaa-0000-4000-8000-000000000012"
  }
}

override_module {
  target = module.cluster
  outputs = {
    id                  = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/shared"
    name                = "shared"
    resource_group_name = "g"
    node_resource_group = "MC_shared"
    oidc_issuer_url     = "https://westeurope.oic.prod-aks.azure.com/tenant/shared/"
    kubelet_object_id   = "aaaaaaaa-0000-4000-8000-000000000009"
    principal_id        = "aaaaaaaa-0000-4000-8000-000000000008"
  }
}

variables {
  location                = "westeurope"
  prefix                  = "shop"
  preview_subscription_id = "5ab00000-0000-4000-8000-000000000002"
  repositories            = [{ name = "octo/shop", id = "599293758", owner_id = "1844662" }]
  operators               = { octocat = { object_id = "aaaaaaaa-0000-4000-8000-000000000001" } }
}

run "makes_two_identities_that_share_nobody" {
  assert {
    condition     = output.subjects.preview == tolist(["repo:octo/shop:environment:preview", "repo:octo@1844662/shop@599293758:environment:preview"])
    error_message = "Expected the environment of previews in both forms, got ${jsonencode(output.subjects.preview)}."
  }
  assert {
    condition     = output.subjects.reaper == tolist(["repo:octo/shop:ref:refs/heads/main", "repo:octo@1844662/shop@599293758:ref:refs/heads/main"])
    error_message = "Expected the default branch in both forms, got ${jsonencode(output.subjects.reaper)}."
  }
}

run "tells_the_repository_its_variables" {
  assert {
    condition = output.repository_variables == {
      AZURE_CLIENT_ID        = "cccccccc-0000-4000-8000-000000000001"
      AZURE_REAPER_CLIENT_ID = "cccccccc-0000-4000-8000-000000000002"
      AZURE_TENANT_ID        = "72f988bf-0000-4000-8000-2d7cd011db47"
      AZURE_SUBSCRIPTION_ID  = "5ab00000-0000-4000-8000-000000000002"
      MAYFLY_NAME_PREFIX     = "shop-"
      MAYFLY_REGISTRY        = "team.azurecr.io"
      MAYFLY_STATE_ACCOUNT   = module.state.name
      MAYFLY_STATE_CONTAINER = "tfstate"
    }
    error_message = "Expected the variables that docs/foundation.md lists, got ${jsonencode(output.repository_variables)}."
  }
  assert {
    condition     = strcontains(output.backend, "storage_account_name = \"${module.state.name}\"") && strcontains(output.backend, "container_name       = \"foundation\"")
    error_message = "Expected this stack's state apart from those of previews, got ${output.backend}."
  }
}

run "lets_the_reaper_look_and_delete_groups" {
  assert {
    condition     = toset([for action in azurerm_role_definition.reaper.permissions[0].actions : action if !endswith(action, "/read")]) == toset(["Microsoft.Resources/subscriptions/resourceGroups/delete"])
    error_message = "Expected nothing but deletions of groups beside reading, got ${jsonencode(azurerm_role_definition.reaper.permissions[0].actions)}."
  }
  assert {
    condition     = azurerm_role_definition.reaper.scope == "/subscriptions/5ab00000-0000-4000-8000-000000000002"
    error_message = "Expected the previews' subscription, got ${azurerm_role_definition.reaper.scope}."
  }
}

run "lets_previews_assign_few_roles" {
  # Whatever may be written must be all that may be taken away, and Owner, Contributor and the like are not among it.
  assert {
    condition = (
      toset(regexall("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", local.conditions.previews)) == toset([
        "7f951dda-4ed3-4680-a7ca-43fe172d538d", # AcrPull
        "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", "7f6c6a51-bcf8-42ba-9220-52d62157d7db", "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
        "3498e952-d568-435e-9b2c-8d77e338d7f7", "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", # AKS
        "4633458b-17de-408a-b874-0445c86b69e6",                                         # Key Vault Secrets User
      ])
      && length(regexall("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", local.conditions.previews)) == 14
    )
    error_message = "Expected seven roles, each for write and for delete, got ${local.conditions.previews}."
  }
  assert {
    condition     = one(azurerm_role_assignment.previews_let_pull[*].condition) == local.conditions.pull && length(regexall("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", local.conditions.pull)) == 2
    error_message = "On the registry previews may only let others pull."
  }
}

run "lets_previews_look_roles_up_where_the_registry_is" {
  assert {
    condition     = one(azurerm_role_definition.role_reader[*].permissions)[0].actions == tolist(["Microsoft.Authorization/roleDefinitions/read"]) && one(azurerm_role_assignment.previews_look_roles_up[*].scope) == "/subscriptions/5ab00000-0000-4000-8000-000000000001"
    error_message = "Expected them to see no more of the foundation's subscription than its roles."
  }
}

run "shares_a_cluster" {
  variables {
    shared_cluster = { system_pool = { node_count = 3 } }
  }

  assert {
    condition = output.shared_cluster == {
      id                = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/shared"
      oidc_issuer_url   = "https://westeurope.oic.prod-aks.azure.com/tenant/shared/"
      kubelet_object_id = "aaaaaaaa-0000-4000-8000-000000000009"
    }
    error_message = "Expected what an environment needs of it, got ${jsonencode(output.shared_cluster)}."
  }
  assert {
    condition     = output.repository_variables.MAYFLY_CLUSTERS == output.shared_cluster.id
    error_message = "Expected the nightly cleanup to know the cluster, got ${jsonencode(output.repository_variables)}."
  }
}

run "lets_the_reaper_look_at_namespaces_and_delete_them" {
  variables {
    shared_cluster = { system_pool = { node_count = 3 } }
  }

  assert {
    condition = (
      toset(azurerm_role_definition.namespace_reaper[0].permissions[0].data_actions) == toset([
        "Microsoft.ContainerService/managedClusters/namespaces/read", "Microsoft.ContainerService/managedClusters/namespaces/delete",
      ])
      && toset(azurerm_role_definition.namespace_reaper[0].permissions[0].actions) == toset([
        "Microsoft.ContainerService/managedClusters/read", "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
      ])
    )
    error_message = "Expected nothing but namespaces, and the way to them, got ${jsonencode(azurerm_role_definition.namespace_reaper[0].permissions)}."
  }
  assert {
    condition = (
      azurerm_role_assignment.reaper_sweeps_namespaces[0].scope == output.shared_cluster.id
      && azurerm_role_assignment.reaper_sweeps_namespaces[0].principal_id == "aaaaaaaa-0000-4000-8000-000000000012"
    )
    error_message = "Expected the reaper on the one cluster, got ${jsonencode(azurerm_role_assignment.reaper_sweeps_namespaces)}."
  }
}

run "lets_the_reaper_into_no_cluster_where_none_is_shared" {
  assert {
    condition     = length(azurerm_role_definition.namespace_reaper) == 0 && !contains(keys(output.repository_variables), "MAYFLY_CLUSTERS")
    error_message = "Expected no role in a cluster, and no variable."
  }
}

run "does_without_a_registry" {
  variables {
    registry_enabled = false
  }

  assert {
    condition     = output.shared_registry == null && !contains(keys(output.repository_variables), "MAYFLY_REGISTRY") && length(azurerm_role_assignment.previews_let_pull) == 0
    error_message = "Expected no registry, and no right on one."
  }
}

run "trusts_as_it_is_told" {
  command = plan

  variables {
    subject_forms       = ["immutable"]
    trust_pull_requests = true
    reaper_environment  = "cleanup"
    repositories = [
      { name = "octo/shop", id = "2", owner_id = "1", default_branch = "trunk" },
      { name = "octo/web", id = "3", owner_id = "1" },
    ]
  }

  assert {
    condition = output.subjects.preview == tolist([
      "repo:octo@1/shop@2:environment:preview", "repo:octo@1/shop@2:pull_request",
      "repo:octo@1/web@3:environment:preview", "repo:octo@1/web@3:pull_request",
    ])
    error_message = "Expected pull requests of both repositories, got ${jsonencode(output.subjects.preview)}."
  }
  assert {
    condition     = output.subjects.reaper == tolist(["repo:octo@1/shop@2:environment:cleanup", "repo:octo@1/web@3:environment:cleanup"])
    error_message = "Expected the environment instead of branches, got ${jsonencode(output.subjects.reaper)}."
  }
}

run "reaps_from_each_default_branch" {
  command = plan

  variables {
    subject_forms = ["classic"]
    repositories = [
      { name = "octo/shop", id = "2", owner_id = "1", default_branch = "trunk" },
      { name = "octo/web", id = "3", owner_id = "1" },
    ]
  }

  assert {
    condition     = output.subjects.reaper == tolist(["repo:octo/shop:ref:refs/heads/trunk", "repo:octo/web:ref:refs/heads/main"])
    error_message = "Expected the branch of each, got ${jsonencode(output.subjects.reaper)}."
  }
}

run "warns_of_previews_beside_the_reaper" {
  command = plan

  variables {
    preview_subscription_id = null
  }
  expect_failures = [check.previews_are_apart]
}

run "refuses_one_environment_for_both" {
  command = plan

  variables {
    reaper_environment = "preview"
  }
  expect_failures = [var.reaper_environment]
}

run "refuses_a_foundation_that_expires" {
  command = plan

  variables {
    tags = { "Auto-Destroy" = "true" }
  }
  expect_failures = [var.tags]
}

run "refuses_to_lock_everybody_out" {
  command = plan

  variables {
    operators = {}
  }
  expect_failures = [var.operators]
}

run "refuses_a_subscription_by_name" {
  command = plan

  variables {
    preview_subscription_id = "Octo sandbox"
  }
  expect_failures = [var.preview_subscription_id]
}
