# Two identities, and never one for both: a pull request's job can get a token of the one that deploys previews.
locals {
  trusted = [
    for repository in var.repositories : {
      repository    = repository.name
      repository_id = repository.id
      owner_id      = repository.owner_id
    }
  ]

  preview_trusts = flatten([
    for repository in local.trusted : concat(
      [merge(repository, { environment = var.preview_environment, pull_request = false })],
      [for trusted in [var.trust_pull_requests] : merge(repository, { environment = null, pull_request = true }) if trusted]
    )
  ])

  reaper_trusts = [
    for index, repository in local.trusted : merge(repository, {
      environment = var.reaper_environment
      ref         = var.reaper_environment == null ? "refs/heads/${var.repositories[index].default_branch}" : null
    })
  ]

  # What previews may assign: enough for a cluster to pull, for its deployer to get in, and for a workload to read secrets. With
  # more they could make themselves Owner.
  assignable_by_previews = [
    "AcrPull",
    "Azure Kubernetes Service Cluster User Role",
    "Azure Kubernetes Service RBAC Admin",
    "Azure Kubernetes Service RBAC Cluster Admin",
    "Azure Kubernetes Service RBAC Reader",
    "Azure Kubernetes Service RBAC Writer",
    "Key Vault Secrets User",
  ]
  # https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
  conditions = {
    for name, roles in { previews = local.assignable_by_previews, pull = ["AcrPull"] } : name => trimspace(<<-EOT
      (
        (
          !(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})
        )
        OR
        (
          @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${join(", ", [for role in roles : module.roles.guids[role]])}}
        )
      )
      AND
      (
        (
          !(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})
        )
        OR
        (
          @Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${join(", ", [for role in roles : module.roles.guids[role]])}}
        )
      )
      EOT
    )
  }
}

module "preview_identity" {
  source = "../../modules/gha-identity"

  name                = "${var.prefix}-preview"
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  trusts              = local.preview_trusts
  subject_forms       = var.subject_forms
  tags                = var.tags

  roles = {
    previews = {
      scope              = local.preview_scope
      role_definition_id = module.roles.ids["Contributor"]
      description        = "Contributor: makes previews"
    }
    preview-roles = {
      scope              = local.preview_scope
      role_definition_id = module.roles.ids["Role Based Access Control Administrator"]
      description        = "Role Based Access Control Administrator: lets clusters pull, workloads read secrets, and deployers in"
      condition          = local.conditions.previews
    }
    state = {
      scope              = module.state.container_ids[local.preview_container]
      role_definition_id = module.roles.ids["Storage Blob Data Contributor"]
      description        = "Storage Blob Data Contributor: keeps the states of previews"
    }
  }
}

# Clusters of previews are to pull from the registry, which may lie outside of the previews' subscription. There, the provider
# also has to look the role up that it assigned, and ARM knows built-in roles by ids of the subscription.
resource "azurerm_role_definition" "role_reader" {
  count = var.registry_enabled && local.preview_subscription_id != local.own_subscription_id ? 1 : 0

  name        = "Mayfly role reader ${module.names.resource_group}"
  description = "Looks at role definitions"
  scope       = "/subscriptions/${local.own_subscription_id}"

  permissions {
    actions = ["Microsoft.Authorization/roleDefinitions/read"]
  }
}

resource "azurerm_role_assignment" "previews_look_roles_up" {
  count = length(azurerm_role_definition.role_reader)

  scope              = "/subscriptions/${local.own_subscription_id}"
  role_definition_id = azurerm_role_definition.role_reader[0].role_definition_resource_id
  principal_id       = module.preview_identity.principal_id
  principal_type     = "ServicePrincipal"
  description        = "Mayfly role reader: looks up what it assigned on the registry"
}

resource "azurerm_role_assignment" "previews_let_pull" {
  count = var.registry_enabled ? 1 : 0

  scope              = module.registry[0].id
  role_definition_id = module.roles.ids["Role Based Access Control Administrator"]
  principal_id       = module.preview_identity.principal_id
  principal_type     = "ServicePrincipal"
  description        = "Role Based Access Control Administrator: lets clusters of previews pull"
  condition          = local.conditions.pull
  condition_version  = "2.0"
}

# Not Contributor: it looks, and it deletes whole groups, and that is all.
resource "azurerm_role_definition" "reaper" {
  # Names of custom roles are unique in a tenant.
  name        = "Mayfly reaper ${module.names.resource_group}"
  description = "Looks at resource groups and deletes them"
  scope       = local.preview_scope

  permissions {
    actions = [
      "Microsoft.Resources/subscriptions/read",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Resources/subscriptions/resourceGroups/delete",
      "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
      "Microsoft.Resources/subscriptions/operationresults/read",
      "Microsoft.Authorization/locks/read",
      "Microsoft.Authorization/denyAssignments/read",
    ]
  }
}

module "reaper_identity" {
  source = "../../modules/gha-identity"

  name                = "${var.prefix}-reaper"
  resource_group_name = module.resource_group.name
  location            = module.resource_group.location
  trusts              = local.reaper_trusts
  subject_forms       = var.subject_forms
  tags                = var.tags

  roles = {
    reap = {
      scope              = local.preview_scope
      role_definition_id = azurerm_role_definition.reaper.role_definition_resource_id
      description        = "Mayfly reaper: deletes groups whose time has passed"
    }
  }
}

# In a cluster no built-in role is as small: the least that deletes a namespace also reads every Secret.
resource "azurerm_role_definition" "namespace_reaper" {
  count = var.shared_cluster == null ? 0 : 1

  name        = "Mayfly namespace reaper ${module.names.resource_group}"
  description = "Looks at the namespaces of a cluster and deletes them"
  scope       = "/subscriptions/${local.own_subscription_id}"

  permissions {
    actions = [
      "Microsoft.ContainerService/managedClusters/read",
      "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    ]
    data_actions = [
      "Microsoft.ContainerService/managedClusters/namespaces/read",
      "Microsoft.ContainerService/managedClusters/namespaces/delete",
    ]
  }
}

resource "azurerm_role_assignment" "reaper_sweeps_namespaces" {
  count = length(azurerm_role_definition.namespace_reaper)

  scope              = module.cluster[0].id
  role_definition_id = azurerm_role_definition.namespace_reaper[0].role_definition_resource_id
  principal_id       = module.reaper_identity.principal_id
  principal_type     = "ServicePrincipal"
  description        = "Mayfly namespace reaper: deletes namespaces whose time has passed"
}
