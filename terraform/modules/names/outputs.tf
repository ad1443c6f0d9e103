output "resource_group" {
  description = "Name of the resource group, at most 90 characters."
  value       = local.hyphenated.resource_group
}

output "cluster" {
  description = "Name of the AKS cluster, at most 63 characters."
  value       = local.hyphenated.cluster
}

output "dns_prefix" {
  description = "DNS prefix of the cluster's API server, at most 54 characters."
  value       = local.hyphenated.dns_prefix
}

output "node_resource_group" {
  description = "Name of the group that AKS keeps its nodes in. AKS takes at most 80 characters, and its own `MC_<group>_<cluster>_<location>` would be longer. The reaper never touches `MC_*`."
  value       = "MC_${local.hyphenated.node_resource_group}"
}

output "registry" {
  description = "Name of the container registry, letters and digits, at most 50."
  value       = local.plain.registry
}

output "key_vault" {
  description = "Name of the key vault, at most 24 characters."
  value       = local.hyphenated.key_vault
}

output "storage_account" {
  description = "Name of the storage account, lower-case letters and digits, at most 24."
  value       = local.plain.storage_account
}

output "identity" {
  description = "Name of a managed identity, at most 128 characters."
  value       = local.hyphenated.identity
}

output "namespace" {
  description = "Kubernetes namespace of the environment in a cluster of its own: the environment's name as a DNS label."
  value       = local.namespace
}

output "shared_namespace" {
  description = "Kubernetes namespace in a cluster that environments of several repositories share, at most 63 characters."
  value       = local.hyphenated.shared_namespace
}
