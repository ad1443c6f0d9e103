output "id" {
  description = "Id of the cluster."
  value       = azurerm_kubernetes_cluster.this.id
}

output "name" {
  description = "Name of the cluster."
  value       = azurerm_kubernetes_cluster.this.name
}

output "resource_group_name" {
  description = "Group that the cluster belongs to."
  value       = azurerm_kubernetes_cluster.this.resource_group_name
}

output "node_resource_group" {
  description = "Group that AKS keeps the nodes in."
  value       = azurerm_kubernetes_cluster.this.node_resource_group
}

output "oidc_issuer_url" {
  description = "Issuer of the service accounts' tokens, for `workload-identity`."
  value       = azurerm_kubernetes_cluster.this.oidc_issuer_url
}

output "kubelet_object_id" {
  description = "Object id of the identity that pulls images, for `acr`."
  value       = one(azurerm_kubernetes_cluster.this.kubelet_identity[*].object_id)
}

output "principal_id" {
  description = "Object id of the cluster's own identity, for a role on `subnet_id`."
  value       = azurerm_kubernetes_cluster.this.identity[0].principal_id
}
