module "roles" {
  source = "../roles"
  scope  = azurerm_kubernetes_cluster.this.id
}

# To be given a kubeconfig at all.
resource "azurerm_role_assignment" "cluster_user" {
  for_each = var.admin_principals

  scope              = azurerm_kubernetes_cluster.this.id
  role_definition_id = module.roles.ids["Azure Kubernetes Service Cluster User Role"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "Azure Kubernetes Service Cluster User Role: ${each.key} gets a kubeconfig"
}

# To do anything with it. RBAC Admin would not do: it may not make namespaces.
resource "azurerm_role_assignment" "cluster_admin" {
  for_each = var.admin_principals

  scope              = azurerm_kubernetes_cluster.this.id
  role_definition_id = module.roles.ids["Azure Kubernetes Service RBAC Cluster Admin"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "Azure Kubernetes Service RBAC Cluster Admin: ${each.key} deploys"
}
