# What the other actions read. The names are shared: see docs/foundation.md.

output "resource_group_name" {
  description = "The environment's group, which goes with everything in it."
  value       = module.resource_group.name
}

output "cluster_name" {
  description = "Cluster to deploy to."
  value       = local.own_cluster ? module.cluster[0].name : split("/", var.shared_cluster.id)[8]
}

output "cluster_resource_group_name" {
  description = "Group that the cluster belongs to: another one when the cluster is shared."
  value       = local.own_cluster ? module.cluster[0].resource_group_name : split("/", var.shared_cluster.id)[4]
}

output "registry_login_server" {
  description = "Registry to push to and to pull from."
  value       = local.own_registry ? module.registry[0].login_server : var.shared_registry.login_server
}

output "oidc_issuer_url" {
  description = "Issuer of the service accounts' tokens."
  value       = local.oidc_issuer_url
}

output "workload_identity_client_id" {
  description = "Client id for the service accounts' annotation; empty when there is no workload identity."
  value       = one(module.workload_identity[*].client_id) == null ? "" : one(module.workload_identity[*].client_id)
}

output "namespace" {
  description = "Kubernetes namespace to deploy to; `helm-deploy` makes it."
  value       = local.namespace
}

output "url" {
  description = "Address of the environment, or empty: then later steps find it."
  value       = replace(var.url, "{environment}", module.names.namespace)
}

output "key_vault_uri" {
  description = "Where the workload reads its secrets; empty when there is no vault."
  value       = var.key_vault_enabled ? module.key_vault[0].uri : ""
}
